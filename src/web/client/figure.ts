/** Makes a figure respond: what is under the pointer, which series are drawn, a logarithmic scale. */
import { draw, type Figure, type Look, type Row } from "../figures/figure.ts";
import { FIGURES } from "../figures/figures.ts";

function lookOf(element: HTMLElement, figure: Figure, width: number): Look {
  const boxes = [...element.querySelectorAll<HTMLInputElement>("input[data-series]")];
  const off = boxes.filter(({ checked }) => !checked).map(({ dataset }) => dataset.series ?? "");
  const log = element.querySelector<HTMLInputElement>("input[data-log]")?.checked ?? false;
  return { width, hidden: new Set(off), log: figure.log !== undefined && log, tip: true };
}

export async function enhance(element: HTMLElement, root: string): Promise<void> {
  const figure = FIGURES.find(({ id }) => id === element.dataset.figure);
  if (!figure) return;
  const response = await fetch(new URL(`figures/${figure.id}.json`, root));
  if (!response.ok) throw new Error(`the data of figure ${figure.id}: status ${response.status}`);
  const { rows } = (await response.json()) as { rows: Row[] };

  function redraw(): void {
    for (const drawing of element.querySelectorAll<HTMLElement>(".drawing")) {
      const old = drawing.querySelector("svg");
      if (!old || drawing.offsetParent === null || !figure) continue; // the one for other screens
      const width = Number(old.getAttribute("width"));
      const svg = draw(figure, rows, lookOf(element, figure, width), document);
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", figure.title);
      old.replaceWith(svg);
    }
  }

  redraw();
  element.addEventListener("change", redraw);
  addEventListener("resize", redraw);
}
