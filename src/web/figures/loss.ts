/** Figure 1a: the training loss of Inception by steps, whatever is corrupted. */
import * as Plot from "@observablehq/plot";
import { lossCurve } from "../../claims/curve.ts";
import { CURVES, paperSteps, THRESHOLDS } from "../../claims/figure1.ts";
import type { Site } from "../site.ts";
import { axisBelow, colours, type Figure, number, type Row, tips } from "./figure.ts";

const name = (curve: string) => curve.replaceAll("-", " ");

function rows({ evidence }: Site): Row[] {
  return CURVES.flatMap(({ curve, checkpoint }) => {
    const about = { series: curve, checkpoint };
    const history = evidence.get(checkpoint)?.history ?? [];
    const ours = lossCurve(history).map((at) => ({ ...about, whose: "ours", ...at }));
    const paper = THRESHOLDS.map((threshold) => ({
      ...about,
      whose: "paper",
      steps: paperSteps(curve, threshold),
      loss: threshold,
    }));
    return [...ours, ...paper];
  });
}

function series(all: Row[]) {
  return [...new Set(all.map((row) => `${row.series}`))].map((id) => ({ id, name: name(id) }));
}

/** How many times as many steps as the paper's curves ours take to the same losses, from the least to the most. */
function lateness(all: Row[]): string {
  const reached = all.filter(({ whose }) => whose === "paper");
  const times = reached.flatMap(({ series, loss: threshold, steps }) => {
    const ours = all.find(
      (row) =>
        row.whose === "ours" && row.series === series && Number(row.loss) < Number(threshold),
    );
    return ours ? [Number(ours.steps) / Number(steps)] : [];
  });
  if (times.length === 0) return "";
  const [least, most] = [Math.min(...times), Math.max(...times)].map((time) => time.toFixed(1));
  return `; ours take ${least} to ${most} times as many steps to there`;
}

export const LOSS: Figure = {
  id: "1a",
  where: "Figure 1a, p. 4",
  title: "The training loss falls to zero, whatever is corrupted",
  text: (all) => [
    "Small Inception was trained on CIFAR-10 with its true labels, and on corruptions of it: the pixels of every image shuffled by one permutation, or by one each; pixels drawn from a Gaussian; labels drawn at random. Each time the loss goes to zero.",
    `True labels are fitted first and random labels last, and not much later: with random labels the net does nothing for some epochs, then converges as quickly. A cross is where the paper's curve comes below a loss of 1 and of 0.1${lateness(all)}.`,
  ],
  groups: ["Figure 1a"],
  log: { name: "logarithmic loss", first: false },
  key: [
    { mark: "line", name: "ours, the mean of each tenth of an epoch" },
    { mark: "cross", name: "the paper's, loss 1 and 0.1" },
  ],
  series,
  rows,
  plot(all, look) {
    const { width, log } = look;
    const stroke = (row: Row) =>
      colours(CURVES.map(({ curve }) => ({ id: curve, name: curve })))(row.series);
    const ours = all.filter(({ whose }) => whose === "ours");
    const paper = all.filter(({ whose }) => whose === "paper");
    const told = (row: Row) =>
      `${name(`${row.series}`)}, ${row.whose === "ours" ? row.checkpoint : "the paper"}\n${row.steps} steps: loss ${Number(row.loss).toPrecision(4)}`;
    const at = { x: number("steps"), y: number("loss") };
    return {
      height: width < 500 ? 300 : 380,
      marginLeft: 52,
      marginRight: 20,
      marginBottom: 40,
      x: {
        ...axisBelow("steps of 128 images"),
        ticks: width < 500 ? 4 : 8,
      },
      y: {
        type: log ? "log" : "linear",
        label: "training loss",
        labelArrow: "none",
        grid: true,
        ...(log
          ? { domain: [0.002, 5], clamp: true, ticks: 4, tickFormat: "~g" }
          : { domain: [0, 2.5] }),
      },
      marks: [
        Plot.ruleY(log ? [] : [0]),
        Plot.lineY(ours, { ...at, z: "series", stroke, strokeWidth: 1.8, clip: true }),
        Plot.dot(paper, { ...at, stroke, symbol: "times", r: 5, strokeWidth: 2.2, title: told }),
        ...tips(look, all, { ...at, title: told }),
      ],
    };
  },
};
