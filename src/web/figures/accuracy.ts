/** Table 1's heart as one picture: accuracies on true and on random labels, ours and the paper's. */
import * as Plot from "@observablehq/plot";
import { FITTED } from "../../claims/bounds.ts";
import { NETS, table1Row } from "../../claims/paper.ts";
import { compare, percent } from "../../fraction.ts";
import { netName } from "../names.ts";
import type { Site } from "../site.ts";
import { axisBelow, colour, type Figure, number, type Row, tips } from "./figure.ts";

const LABELS = [
  { labels: "true", data: "true" },
  { labels: "random", data: "random-labels" },
] as const;

function rowOf({ evidence }: Site, net: string, { labels, data }: (typeof LABELS)[number]): Row {
  const checkpoint = `${net}.${data}`;
  const paper = table1Row(checkpoint);
  const found = evidence.get(checkpoint);
  const ours = (split: "train" | "test") =>
    found ? Number(percent([found[split].correct, found[split].total])) : null;
  return {
    series: net,
    net: netName(net),
    labels,
    checkpoint,
    trainCorrect: found?.train.correct ?? null,
    trainTotal: found?.train.total ?? null,
    testCorrect: found?.test.correct ?? null,
    testTotal: found?.test.total ?? null,
    trainPercent: ours("train"),
    testPercent: ours("test"),
    paperTrainPercent: paper.train,
    paperTestPercent: paper.test,
  };
}

function told(row: Row): string {
  const line = (split: string, paper: string) =>
    row[`${split}Correct`] === null
      ? `${split}: not published here, the paper ${row[paper]} %`
      : `${split}: ${row[`${split}Correct`]} of ${row[`${split}Total`]} (${row[`${split}Percent`]} %), the paper ${row[paper]} %`;
  return `${row.net}, ${row.labels} labels\n${line("train", "paperTrainPercent")}\n${line("test", "paperTestPercent")}`;
}

/** Nets that did not fit what they were told: the caption does not speak for them. */
function unfitted(rows: Row[]): string {
  const found = rows.filter(
    ({ trainCorrect, trainTotal }) =>
      trainCorrect !== null && compare([Number(trainCorrect), Number(trainTotal)], FITTED) < 0,
  );
  const named = found.map((row) => `${row.net} on ${row.labels} labels (${row.trainPercent} %)`);
  return named.length > 0 ? `, here but for ${named.join(" and ")}` : "";
}

export const ACCURACY: Figure = {
  id: "accuracy",
  where: "Table 1, p. 6",
  title: "Train and test accuracy on true and on random labels",
  text: (rows) => [
    `A line is the gap between training accuracy, right, and test accuracy, left. With true labels and with random ones the training set is fitted${unfitted(rows)}; what randomizing the labels changes is the test accuracy, which falls to one in ten: guessing.`,
  ],
  groups: ["Table 1"],
  colours: false,
  key: [
    { mark: "disc", name: "train accuracy" },
    { mark: "square", name: "test accuracy" },
    { mark: "cross", name: "the paper's" },
  ],
  series: (rows) =>
    [...new Map(rows.map((r) => [r.series, r])).values()].map((r) => ({
      id: `${r.series}`,
      name: `${r.net}`,
    })),
  rows: (site) => NETS.flatMap((net) => LABELS.map((labels) => rowOf(site, net, labels))),
  plot(rows, look) {
    const at = { y: "labels", fy: "net" };
    const fill = (row: Row) => (row.labels === "true" ? colour(0) : colour(1));
    const narrow = look.width < 500;
    const paper = (x: string) =>
      Plot.dot(rows, { ...at, x: number(x), symbol: "times", r: 4.5, stroke: "currentColor" });
    return {
      height: narrow ? 340 : 320,
      marginLeft: narrow ? 64 : 96,
      marginRight: narrow ? 14 : 150,
      marginTop: narrow ? 22 : 6,
      marginBottom: 36,
      insetLeft: 4,
      x: { ...axisBelow("accuracy, %"), grid: false, domain: [0, 100], ticks: narrow ? 5 : 10 },
      y: {
        domain: ["true", "random"],
        tickFormat: (labels: string) => (narrow ? labels : `${labels} labels`),
        label: null,
        tickSize: 0,
        padding: 0.3,
      },
      fy: {
        domain: [...new Set(rows.map(({ net }) => `${net}`))],
        label: null,
        axis: narrow ? null : "right",
        padding: 0.12,
        ...(narrow && { padding: 0.42 }),
      },
      marks: [
        Plot.gridX({ ticks: 10, strokeOpacity: 0.15 }),
        Plot.ruleX([10], { stroke: "currentColor", strokeDasharray: "2,3", strokeOpacity: 0.7 }),
        ...(narrow
          ? [
              Plot.text(
                rows.filter((r) => r.labels === "true"),
                {
                  fy: "net",
                  text: "net",
                  frameAnchor: "top-left",
                  dy: -13,
                  dx: -58,
                  fontWeight: 600,
                  textAnchor: "start",
                },
              ),
            ]
          : []),
        Plot.ruleY(rows, {
          ...at,
          x1: number("testPercent"),
          x2: number("trainPercent"),
          stroke: fill,
          strokeWidth: 3,
          strokeOpacity: 0.45,
        }),
        Plot.dot(rows, { ...at, x: number("trainPercent"), fill, r: 5, title: told }),
        Plot.dot(rows, {
          ...at,
          x: number("testPercent"),
          fill,
          r: 5,
          symbol: "square",
          title: told,
        }),
        paper("paperTrainPercent"),
        paper("paperTestPercent"),
        ...tips(look, rows, { ...at, x: number("testPercent"), title: told }),
      ],
    };
  },
};
