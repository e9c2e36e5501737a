/** Figures as SVG text, drawn where there is no browser. */
import { parseHTML } from "linkedom";
import { draw, type Figure, type Row } from "./figure.ts";

/** Widths that a page holds both of, and shows one of by its own. */
export const WIDTHS = { wide: 720, narrow: 350 };

export function svgText(figure: Figure, rows: Row[], width: number): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const look = { width, hidden: new Set<string>(), log: figure.log?.first ?? false, tip: false };
  const svg = draw(figure, rows, look, document);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${figure.title} (${figure.where})`);
  return svg.outerHTML;
}

/** For use elsewhere: a file of its own, dark on white wherever it is shown or printed. */
export function svgFile(figure: Figure, rows: Row[]): string {
  const text = svgText(figure, rows, WIDTHS.wide);
  return text
    .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" color="#1d2127" ')
    .replace("</style>", '</style><rect width="100%" height="100%" fill="#fff"/>');
}
