/** Figure 1: fitting corrupted data, how long it takes, and what it does to the test error. */
import { FITTED, OVERFITTED, SMALL_FACTOR } from "./bounds.ts";
import type { Claim } from "./claim.ts";
import { paper, reproductionOf, rowOf } from "./paper.ts";

const { a, b, c } = paper.figure1;
const WHERE = "Figure 1, p. 4";

/** Figure 1a's curves in the order in which the paper's reach a loss, and our checkpoint of each. */
export const CURVES = [
  { curve: "true-labels", checkpoint: "inception.true" },
  { curve: "shuffled-pixels", checkpoint: "inception.shuffled-pixels" },
  { curve: "gaussian", checkpoint: "inception.gaussian" },
  { curve: "random-pixels", checkpoint: "inception.random-pixels" },
  { curve: "random-labels", checkpoint: "inception.random-labels" },
] as const;

/** The paper's steps until a curve is below a threshold of Figure 1a. */
export function paperSteps(curve: (typeof CURVES)[number]["curve"], threshold: number): number {
  const thousands = a.curves[curve][a.thresholds.indexOf(threshold)] as number;
  return Math.round(thousands * 1000);
}

/** Losses to time; the paper's third, 0.01, is left out: it depends on how long one trains. */
export const THRESHOLDS = [1, 0.1];

const checkpoints = CURVES.map(({ checkpoint }) => checkpoint);

const FIGURE_1A: Claim[] = [
  {
    id: "figure-1a.fitted",
    group: "Figure 1a",
    where: WHERE,
    statement: "Whatever is corrupted, labels or pixels, Inception fits the training set.",
    rules: checkpoints.map((checkpoint) => ({
      kind: "fits",
      checkpoints: [checkpoint],
      atLeast: FITTED,
    })),
  },
  {
    id: "figure-1a.order",
    group: "Figure 1a",
    where: WHERE,
    statement:
      "True labels are fitted first, then shuffled pixels, Gaussian pixels, random pixels, and random labels last.",
    // Gaussian and random pixels lie within 0.6 thousand steps of each other in
    // the paper, so a tie between them does not contradict it.
    rules: THRESHOLDS.map((threshold) => ({
      kind: "loss-order",
      checkpoints,
      threshold,
      relations: ["<", "<", "≤", "<"],
      paper: CURVES.map(({ curve }) => paperSteps(curve, threshold)),
    })),
  },
];

/** The nets of Figures 1b and 1c. */
export const FIGURE_1_NETS = ["inception", "alexnet", "mlp-1x512"] as const;

/** The corrupted fractions of the labels that we train; the paper has those between, too. */
export const CORRUPTION = [
  { fraction: 0, data: "true" },
  { fraction: 0.2, data: "noise-20" },
  { fraction: 0.4, data: "noise-40" },
  { fraction: 0.6, data: "noise-60" },
  { fraction: 0.8, data: "noise-80" },
  { fraction: 1, data: "random-labels" },
];

type Net = (typeof FIGURE_1_NETS)[number];

/** The paper's times to overfit, as multiples of that without corruption (Figure 1b); undefined where none was read. */
export function paperFactors(net: Net): (number | undefined)[] {
  return CORRUPTION.map(({ fraction }) => b[net][b.corruption.indexOf(fraction)] ?? undefined);
}

/** The paper's test errors in percent (Figure 1c); undefined where none was read. */
export function paperErrors(net: Net): (number | undefined)[] {
  return CORRUPTION.map(({ fraction }) => {
    const error = c[net][c.corruption.indexOf(fraction)] ?? undefined;
    return error === undefined ? undefined : Math.round(error * 10_000) / 100;
  });
}

/** Test errors in percent of the independent reproduction, which has the two ends alone. */
function reproducedErrors(net: Net): (number | undefined)[] {
  return corrupted(net).map((checkpoint) => {
    const row = rowOf(checkpoint);
    const accuracy = row && reproductionOf(row);
    return accuracy === undefined ? undefined : Math.round((100 - accuracy) * 100) / 100;
  });
}

function corrupted(net: Net): string[] {
  return CORRUPTION.map(({ data }) => `${net}.${data}`);
}

const FIGURE_1B: Claim[] = FIGURE_1_NETS.map((net) => ({
  id: `figure-1b.${net}`,
  group: "Figure 1b",
  where: WHERE,
  statement: `The more labels are corrupted, the longer ${net} takes to overfit, by a small factor.`,
  rules: [
    {
      kind: "time-grows",
      checkpoints: corrupted(net),
      reached: OVERFITTED,
      atMost: SMALL_FACTOR,
      paper: paperFactors(net),
    },
  ],
}));

const FIGURE_1C: Claim[] = FIGURE_1_NETS.map((net) => ({
  id: `figure-1c.${net}`,
  group: "Figure 1c",
  where: WHERE,
  statement: `The more labels are corrupted, the higher the test error of ${net}, while it fits them all.`,
  // Steps of 20 points in corruption move the paper's errors by 1.4 points or
  // more, several times what a count of 10,000 varies by, so growth is strict.
  rules: [
    {
      kind: "error-grows",
      checkpoints: corrupted(net),
      paper: paperErrors(net),
      reproduction: reproducedErrors(net),
    },
    ...corrupted(net).map((checkpoint) => ({
      kind: "fits" as const,
      checkpoints: [checkpoint],
      atLeast: FITTED,
    })),
  ],
}));

export const FIGURE_1: Claim[] = [...FIGURE_1A, ...FIGURE_1B, ...FIGURE_1C];
