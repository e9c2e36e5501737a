/** What a figure is: rows of plain data out of the site, and how Observable Plot draws them. */
import * as Plot from "@observablehq/plot";
import type { Site } from "../site.ts";

/** A row of a figure's data, as CSV and JSON have it. */
export type Row = Record<string, string | number | null>;

/** How it is drawn this time. */
export interface Look {
  /** CSS pixels. */
  width: number;
  /** Series that the reader switched off. */
  hidden: ReadonlySet<string>;
  /** Whether the scale that can be logarithmic is. */
  log: boolean;
  /** Whether there is a pointer to answer. */
  tip: boolean;
}

export interface Series {
  id: string;
  name: string;
}

export interface Figure {
  id: string;
  /** Where the paper has it. */
  where: string;
  title: string;
  /** What to see, in sentences; what they say of ours comes out of the rows. */
  text(rows: Row[]): string[];
  /** Claims that are decided by what it shows: those of the groups. */
  groups: string[];
  /** Which scale may be logarithmic, and whether it is at first. */
  log?: { name: string; first: boolean };
  /** What the marks are. */
  key: { mark: "line" | "dashes" | "dots" | "disc" | "ring" | "cross" | "square"; name: string }[];
  /** Whether each series has a colour of its own, which the key names; it has unless this is false. */
  colours?: boolean;
  series(rows: Row[]): Series[];
  rows(site: Site): Row[];
  plot(rows: Row[], look: Look): Plot.PlotOptions;
}

/** Colours by place, which the page's style makes lighter on dark. */
const COLOURS = ["#0b62b8", "#b3480b", "#11704a", "#8b2fa0", "#a3174f", "#4d5a68"];

export function colour(place: number): string {
  const k = place % COLOURS.length;
  return `var(--c${k + 1}, ${COLOURS[k]})`;
}

/** Colours of a figure's series, which stay when some are switched off. */
export function colours(series: Series[]): (id: unknown) => string {
  const places = new Map(series.map(({ id }, k) => [id, k]));
  return (id) => colour(places.get(`${id}`) ?? 0);
}

/** A row's value as a number; what is not known is drawn nowhere. */
export function number(name: string): (row: Row) => number {
  return (row) => (row[name] === null ? Number.NaN : Number(row[name]));
}

/** A horizontal axis, its name below its middle. */
export function axisBelow(label: string): Plot.ScaleOptions {
  return { label, labelAnchor: "center", labelArrow: "none", grid: true };
}

/** Says what is under the pointer, where there is one. */
export function tips({ tip }: Look, rows: Row[], options: Plot.TipOptions): Plot.Markish[] {
  return tip ? [Plot.tip(rows, Plot.pointer({ ...options, fill: "var(--paper, #fff)" }))] : [];
}

/** A picture has one name; ARIA 1.2 forbids those that Plot gives to the groups in it. */
export function nameless(svg: Element): Element {
  for (const group of svg.querySelectorAll("g[aria-label]")) {
    group.setAttribute("data-mark", group.getAttribute("aria-label") ?? "");
    group.removeAttribute("aria-label");
  }
  return svg;
}

/** Plot counts its clip paths for as long as the program runs: here they are called by their figure, the same each time. */
function renamed(svg: Element, name: string): Element {
  for (const [k, path] of [...svg.querySelectorAll("clipPath")].entries()) {
    const id = `${name}-clip-${k}`;
    for (const user of svg.querySelectorAll(`[clip-path="url(#${path.id})"]`))
      user.setAttribute("clip-path", `url(#${id})`);
    path.id = id;
  }
  return svg;
}

/**
 * A figure as an SVG element.
 * @param document the browser's, or one that a server has
 */
export function draw(figure: Figure, rows: Row[], look: Look, document: Document): Element {
  const shown = rows.filter((row) => !look.hidden.has(`${row.series}`));
  const options = figure.plot(shown, look);
  const svg = Plot.plot({ width: look.width, style: { fontSize: "12px" }, ...options, document });
  return renamed(nameless(svg), `${figure.id}-${look.width}`);
}
