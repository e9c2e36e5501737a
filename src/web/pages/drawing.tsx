/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A figure as it stands in a page: drawn for wide and narrow screens, with its key and its data. */
import { raw } from "hono/html";
import { colour, type Figure, type Row } from "../figures/figure.ts";
import { svgText, WIDTHS } from "../figures/svg.ts";
import type { Links } from "../links.ts";

const MARKS: Record<Figure["key"][number]["mark"], string> = {
  line: '<path d="M0 5h24" stroke="currentColor" stroke-width="2"/>',
  dashes: '<path d="M0 5h24" stroke="currentColor" stroke-width="1.500" stroke-dasharray="5,4"/>',
  dots: '<path d="M1 5h23" stroke="currentColor" stroke-width="2" stroke-dasharray="1,4"/>',
  disc: '<circle cx="12" cy="5" r="4.500" fill="currentColor"/>',
  ring: '<circle cx="12" cy="5" r="4" fill="none" stroke="currentColor"/>',
  cross: '<path d="M8 1l8 8M16 1l-8 8" stroke="currentColor" stroke-width="1.800"/>',
  square: '<path d="M8 1h8v8h-8z" fill="currentColor"/>',
};

function sign(content: string) {
  return raw(`<svg viewBox="0 0 24 10" aria-hidden="true">${content}</svg>`);
}

/** What the marks and the colours are. */
export function Key({ figure, rows, scripts }: Pick<Properties, "figure" | "rows" | "scripts">) {
  const series = figure.series(rows);
  return (
    <ul class="key">
      {figure.key.map(({ mark, name }) => (
        <li>
          {sign(MARKS[mark])}
          {name}
        </li>
      ))}
      {figure.colours !== false &&
        series.map(({ id, name }, k) => (
          <li style={`color:${colour(k)}`}>
            <label for={`${figure.id}-${id}`}>
              {scripts && (
                <input
                  type="checkbox"
                  id={`${figure.id}-${id}`}
                  autocomplete="off" // or Firefox keeps its state over a reload, and not the figure's
                  checked
                  disabled
                  data-series={id}
                />
              )}
              {sign(MARKS.line)}
              {name}
            </label>
          </li>
        ))}
      {scripts && figure.log && (
        <li>
          <label>
            <input
              type="checkbox"
              autocomplete="off"
              checked={figure.log.first}
              disabled
              data-log
            />
            {figure.log.name}
          </label>
        </li>
      )}
    </ul>
  );
}

interface Properties {
  figure: Figure;
  rows: Row[];
  links: Links;
  scripts: boolean;
  /** Whether the first sentence stands below it, rather than its own page's text around it. */
  caption?: boolean;
}

export function Drawing({ figure, rows, links, scripts, caption }: Properties) {
  const at = (extension: string) => links.file(`figures/${figure.id}.${extension}`);
  return (
    <figure data-figure={figure.id}>
      <Key figure={figure} rows={rows} scripts={scripts} />
      <div class="drawing wide-only">{raw(svgText(figure, rows, WIDTHS.wide))}</div>
      <div class="drawing narrow-only">{raw(svgText(figure, rows, WIDTHS.narrow))}</div>
      <figcaption>
        {caption && <p>{figure.text(rows)[0]}</p>}
        <p>
          The data: <a href={at("csv")}>CSV</a>, <a href={at("json")}>JSON</a>; the picture:{" "}
          <a href={at("svg")}>SVG</a>.
        </p>
      </figcaption>
    </figure>
  );
}
