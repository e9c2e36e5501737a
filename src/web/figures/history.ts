/** The training curve of one net: its loss and the accuracy that it met, by epochs. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { History } from "../../history.ts";
import { axisBelow, colour, nameless } from "./figure.ts";

/** Two panels, one above the other, since they have two units. */
export function historySvg(history: History, width: number): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const rows = history.flatMap(({ epoch, loss, accuracy }) => [
    { epoch, what: "loss", value: loss },
    { epoch, what: "accuracy, %", value: 100 * accuracy },
  ]);
  function panel(what: string, place: number, domain: [number, number]): string {
    const own = rows.filter((row) => row.what === what);
    const svg = Plot.plot({
      document,
      width,
      height: 190,
      marginLeft: 44,
      marginBottom: 34,
      style: { fontSize: "12px" },
      x: { ...axisBelow("epoch"), ticks: 6 },
      y: {
        label: `${what}, as met while training`,
        labelArrow: "none",
        grid: true,
        domain,
        ticks: 5,
      },
      marks: [
        Plot.lineY(own, { x: "epoch", y: "value", stroke: colour(place), strokeWidth: 2 }),
        Plot.dot(own, {
          x: "epoch",
          y: "value",
          fill: colour(place),
          r: 1.8,
          title: (row) =>
            `epoch ${row.epoch}: ${what.split(",")[0]} ${Number(row.value).toPrecision(5)}`,
        }),
      ],
    });
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${what} by epoch`);
    return nameless(svg).outerHTML;
  }
  const highest = Math.max(...history.map(({ loss }) => loss));
  return panel("loss", 0, [0, highest]) + panel("accuracy, %", 1, [0, 100]);
}
