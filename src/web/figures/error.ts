/** Figure 1c: what corrupted training labels do to the test error of nets that fit them all. */
import { figure1 } from "../../claims/figure-data.ts";
import { paper } from "../../claims/paper.ts";
import { netName } from "../names.ts";
import type { Site } from "../site.ts";
import { corruptionPlot, netSeries } from "./by-corruption.ts";
import type { Figure, Row } from "./figure.ts";

const { c } = paper.figure1;
const CORRUPTED = "ours if test labels were corrupted, too";

function rows({ evidence }: Site): Row[] {
  return figure1(evidence).bAndC.nets.flatMap(({ net, points }) => {
    const about = { series: net, checkpoint: null, errors: null, of: null };
    const ours = points.flatMap(({ fraction, checkpoint, test, testErrorPercentIfCorrupted }) => [
      {
        series: net,
        whose: "ours",
        fraction,
        checkpoint,
        errors: test?.errors ?? null,
        of: test?.of ?? null,
        value: test ? (100 * test.errors) / test.of : null,
      },
      { ...about, whose: CORRUPTED, fraction, checkpoint, value: testErrorPercentIfCorrupted },
    ]);
    const theirs = c.corruption.map((fraction, k) => {
      const error = c[net][k] ?? null; // none was read
      const value = error === null ? null : Math.round(error * 10_000) / 100;
      return { ...about, whose: "paper", fraction, value };
    });
    return [...ours, ...theirs];
  });
}

function told(row: Row): string {
  const of = `${netName(`${row.series}`)}, ${Math.round(Number(row.fraction) * 100)} % of the labels corrupted`;
  if (row.whose === "ours")
    return `${of}\n${row.checkpoint}: ${row.errors} of ${row.of} wrong (${row.value} %)`;
  return `${of}\n${row.whose === "paper" ? "the paper" : row.whose}: ${row.value} %`;
}

export const ERROR: Figure = {
  id: "1c",
  where: "Figure 1c, p. 4",
  title: "The more labels are corrupted, the worse a fitted net generalizes",
  text: () => [
    "Every net here meets nearly all of its training labels. Its test error grows steadily with the part of them that was replaced, from that of a good net to that of guessing, nine in ten.",
    "Our solid lines count against true test labels. The paper's numbers lie above them and near the dotted lines, which say what is to be expected if its test labels were corrupted like its training labels; it does not say what it counts against. The claim is an order, not those numbers.",
  ],
  groups: ["Figure 1c"],
  key: [
    { mark: "line", name: "ours" },
    { mark: "dots", name: CORRUPTED },
    { mark: "dashes", name: "the paper's" },
  ],
  series: netSeries,
  rows,
  plot: (all, look) =>
    corruptionPlot(all, look, {
      label: "test error, %",
      y: { domain: [0, 100] },
      also: CORRUPTED,
      told,
    }),
};
