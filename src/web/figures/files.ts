/** What a figure can be had as, beside its page. */
import type { Site } from "../site.ts";
import { csv } from "./csv.ts";
import { FIGURES } from "./figures.ts";
import { svgFile } from "./svg.ts";

export interface FigureFile {
  type: string;
  text: string;
}

export const FIGURE_FILES = ["svg", "csv", "json"] as const;

/** @param prefix what links begin with */
export function figureList(prefix: string) {
  const at = `${prefix}/figures`;
  return FIGURES.map(({ id, title, where }) => ({ id, title, where, data: `${at}/${id}.json` }));
}

/** Undefined where there is no such figure, or it has no such form. */
export function figureFile(site: Site, id: string, extension: string): FigureFile | undefined {
  const figure = FIGURES.find((one) => one.id === id);
  if (!figure) return undefined;
  const rows = figure.rows(site);
  switch (extension) {
    case "svg":
      return { type: "image/svg+xml", text: svgFile(figure, rows) };
    case "csv":
      return { type: "text/csv; charset=utf-8", text: csv(rows) };
    case "json": {
      const { title, where } = figure;
      return {
        type: "application/json",
        text: JSON.stringify({ id, title, where, text: figure.text(rows), rows }),
      };
    }
    default:
      return undefined;
  }
}
