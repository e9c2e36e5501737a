/** Figure 2b: Inception with and without batch normalization. */
import * as Plot from "@observablehq/plot";
import { onlineCount } from "../../claims/curve.ts";
import { paper } from "../../claims/paper.ts";
import { percent } from "../../fraction.ts";
import { netName } from "../names.ts";
import type { Site } from "../site.ts";
import { axisBelow, colours, type Figure, number, type Row, tips } from "./figure.ts";

const NETS = ["inception", "inception-nobn"] as const;
const SERIES = NETS.map((net) => ({ id: net, name: netName(net) }));
const { b } = paper.figure2;

function rows({ evidence }: Site): Row[] {
  return NETS.flatMap((net) => {
    const checkpoint = `${net}.true`;
    const found = evidence.get(checkpoint);
    const about = { series: net, checkpoint };
    const epochs = (found?.history ?? []).map(({ epoch, accuracy }): Row => {
      const [correct, of] = onlineCount(accuracy, found?.train.total ?? 1);
      return {
        ...about,
        whose: "ours",
        what: "train, online",
        epoch,
        correct,
        of,
        percent: Number(percent([correct, of])),
      };
    });
    const last = found?.history.at(-1)?.epoch ?? null;
    const test = found?.test;
    return [
      ...epochs,
      {
        ...about,
        whose: "ours",
        what: "test",
        epoch: last,
        correct: test?.correct ?? null,
        of: test?.total ?? null,
        percent: test ? Number(percent([test.correct, test.total])) : null,
      },
      {
        ...about,
        checkpoint: null,
        whose: "paper",
        what: "test",
        epoch: 51,
        correct: null,
        of: null,
        percent: Math.round(b[net] * 10_000) / 100,
      },
    ];
  });
}

function told(row: Row): string {
  const of = netName(`${row.series}`);
  if (row.whose === "paper") return `${of}\nthe paper, test, 51 epochs: ${row.percent} %`;
  return `${of}, ${row.checkpoint}\nepoch ${row.epoch}, ${row.what}: ${row.correct} of ${row.of} (${row.percent} %)`;
}

export const NORMALIZATION: Figure = {
  id: "2b",
  where: "Figure 2b, p. 8",
  title: "Batch normalization helps, a little",
  text: () => [
    "Small Inception with its batch normalization and without, on true labels and without explicit regularizers. Lines are the training accuracy of each epoch as it was met while training; the discs at their ends are the test accuracy of the published nets, and the crosses that of the paper's two nets after 51 epochs.",
    "With normalization training is faster and steadier, and the test accuracy some points higher; without it the net generalizes as well. Our trainings end once the labels are fitted, so they are shorter than the paper's; their test accuracy was counted at the end alone.",
  ],
  groups: ["Figure 2"],
  key: [
    { mark: "line", name: "ours, train accuracy while training" },
    { mark: "disc", name: "ours, test accuracy" },
    { mark: "cross", name: "the paper's test accuracy" },
  ],
  series: () => SERIES,
  rows,
  plot(all, look) {
    const stroke = (row: Row) => colours(SERIES)(row.series);
    const at = { x: number("epoch"), y: number("percent") };
    const train = all.filter(({ what }) => what !== "test");
    const test = (whose: string) =>
      all.filter((r) => r.what === "test" && r.whose === whose && r.percent !== null);
    return {
      height: look.width < 500 ? 300 : 380,
      marginLeft: 48,
      marginRight: 24,
      marginBottom: 40,
      x: { ...axisBelow("epochs"), domain: [0, 52] },
      y: { domain: [20, 100], label: "accuracy, %", labelArrow: "none", grid: true },
      marks: [
        Plot.lineY(train, { ...at, z: "series", stroke, strokeWidth: 2, clip: true }),
        Plot.dot(test("ours"), { ...at, fill: stroke, r: 5, title: told }),
        Plot.dot(test("paper"), {
          ...at,
          stroke,
          symbol: "times",
          r: 5,
          strokeWidth: 2.2,
          title: told,
        }),
        ...tips(
          look,
          all.filter((r) => r.percent !== null),
          { ...at, title: told },
        ),
      ],
    };
  },
};
