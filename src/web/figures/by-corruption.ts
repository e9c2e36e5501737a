/** What Figures 1b and 1c share: a line a net over the corrupted fraction of the labels, ours and the paper's. */
import * as Plot from "@observablehq/plot";
import { FIGURE_1_NETS } from "../../claims/figure1.ts";
import { netName } from "../names.ts";
import { axisBelow, colours, type Look, number, type Row, type Series, tips } from "./figure.ts";

export function netSeries(): Series[] {
  return FIGURE_1_NETS.map((net) => ({ id: net, name: netName(net) }));
}

interface Lines {
  /** Of the vertical axis. */
  label: string;
  y: Plot.ScaleOptions;
  /** Rows that are ours against labels as the paper seems to count them. */
  also?: string;
  told(row: Row): string;
}

/** Rows have `series`, `whose`, `fraction` and `value`. */
export function corruptionPlot(
  rows: Row[],
  look: Look,
  { label, y, also, told }: Lines,
): Plot.PlotOptions {
  const stroke = (row: Row) => colours(netSeries())(row.series);
  const of = (whose: string) => rows.filter((row) => row.whose === whose && row.value !== null);
  const at = { x: number("fraction"), y: number("value") };
  // What nothing is published of is a gap in the line.
  const line = (whose: string, strokeDasharray?: string) =>
    Plot.lineY(
      rows.filter((row) => row.whose === whose),
      {
        ...at,
        z: "series",
        stroke,
        ...(strokeDasharray && { strokeDasharray }),
        strokeWidth: strokeDasharray ? 1.4 : 2,
      },
    );
  return {
    height: look.width < 500 ? 300 : 380,
    marginLeft: 48,
    marginRight: 24,
    marginBottom: 40,
    x: {
      ...axisBelow("corrupted fraction of the labels"),
      domain: [0, 1],
      ticks: 5,
    },
    y: { label, labelArrow: "none", grid: true, ...y },
    marks: [
      line("paper", "5,4"),
      ...(also ? [line(also, "1,4")] : []),
      line("ours"),
      Plot.dot(of("paper"), { ...at, stroke, symbol: "times", r: 4, title: told }),
      ...(also ? [Plot.dot(of(also), { ...at, stroke, r: 3, title: told })] : []),
      Plot.dot(of("ours"), { ...at, fill: stroke, r: 4.5, title: told }),
      ...tips(
        look,
        rows.filter((row) => row.value !== null),
        { ...at, title: told },
      ),
    ],
  };
}
