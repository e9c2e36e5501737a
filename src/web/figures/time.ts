/** Figure 1b: how much longer training takes as more labels are corrupted. */
import { OVERFITTED } from "../../claims/bounds.ts";
import { epochsToFit } from "../../claims/curve.ts";
import { CORRUPTION, FIGURE_1_NETS } from "../../claims/figure1.ts";
import { paper } from "../../claims/paper.ts";
import { netName } from "../names.ts";
import type { Site } from "../site.ts";
import { corruptionPlot, netSeries } from "./by-corruption.ts";
import type { Figure, Row } from "./figure.ts";

const { b } = paper.figure1;

function rows({ evidence }: Site): Row[] {
  return FIGURE_1_NETS.flatMap((net) => {
    const epochs = CORRUPTION.map(({ data }) => {
      const found = evidence.get(`${net}.${data}`);
      return (found && epochsToFit(found.history, OVERFITTED, found.train.total)) ?? null;
    });
    const [base] = epochs;
    const ours = CORRUPTION.map(({ fraction, data }, k): Row => {
      const at = epochs[k] ?? null;
      const value = base && at !== null ? at / base : null;
      return {
        series: net,
        whose: "ours",
        fraction,
        checkpoint: `${net}.${data}`,
        epochs: at,
        value,
      };
    });
    const theirs = b.corruption.map(
      (fraction, k): Row => ({
        series: net,
        whose: "paper",
        fraction,
        checkpoint: null,
        epochs: null,
        value: b[net][k] ?? null,
      }),
    );
    return [...ours, ...theirs];
  });
}

function told(row: Row): string {
  const of = `${netName(`${row.series}`)}, ${Math.round(Number(row.fraction) * 100)} % of the labels corrupted`;
  return row.whose === "ours"
    ? `${of}\n${row.checkpoint}: ${row.epochs} epochs, × ${Number(row.value).toFixed(2)}`
    : `${of}\nthe paper: × ${row.value}`;
}

export const TIME: Figure = {
  id: "1b",
  where: "Figure 1b, p. 4",
  title: "Noise in the labels slows training down by a small factor",
  text: () => [
    `Epochs until a net is overfitted, here the first epoch that meets ${OVERFITTED.join(" of ")} of its training labels, as a multiple of the epochs that true labels take. The paper does not give its criterion: compare the shape, not the digits.`,
    "Labels without any structure take a few times as long as true ones, not a hundred times: fitting noise is not a different kind of work.",
  ],
  groups: ["Figure 1b"],
  key: [
    { mark: "line", name: "ours" },
    { mark: "dashes", name: "the paper's" },
  ],
  series: netSeries,
  rows,
  plot: (all, look) =>
    corruptionPlot(all, look, {
      label: "times as many epochs as with true labels",
      y: { zero: true },
      told,
    }),
};
