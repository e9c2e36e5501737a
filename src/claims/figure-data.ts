/** What Figure 1 draws, ours beside the paper's, from the records that its claims see. */
import { OVERFITTED } from "./bounds.ts";
import { epochsToFit, lossCurve, stepsToLoss } from "./curve.ts";
import type { Evidence } from "./evidence.ts";
import {
  CORRUPTION,
  CURVES,
  FIGURE_1_NETS,
  paperErrors,
  paperFactors,
  paperSteps,
  THRESHOLDS,
} from "./figure1.ts";

type All = ReadonlyMap<string, Evidence>;

/** Figure 1a: training loss by steps, and the steps until it is below each threshold. */
function lossCurves(all: All) {
  return CURVES.map(({ curve, checkpoint }) => {
    const history = all.get(checkpoint)?.history;
    return {
      curve,
      checkpoint,
      loss: history ? lossCurve(history) : null,
      below: THRESHOLDS.map((threshold) => ({
        threshold,
        steps: (history && stepsToLoss(history, threshold)) ?? null,
        paper: paperSteps(curve, threshold),
      })),
    };
  });
}

/**
 * The test error in percent that is to be expected where test labels are corrupted in the
 * same fraction p as the training labels: a hit stays one with 1 − p, and a tenth of the
 * redrawn labels are hit. The paper's Figure 1c, which does not say what it counts against,
 * is nearer to this than to the error on true labels.
 */
function errorIfCorrupted({ test }: Evidence, fraction: number): number {
  const accuracy = (test.correct / test.total) * (1 - fraction) + fraction / 10;
  return Math.round((1 - accuracy) * 10_000) / 100;
}

/** Figures 1b and 1c: epochs to overfit and errors by the corrupted fraction. */
function byCorruption(all: All, net: (typeof FIGURE_1_NETS)[number]) {
  const factors = paperFactors(net);
  const errors = paperErrors(net);
  return {
    net,
    points: CORRUPTION.map(({ fraction, data }, k) => {
      const checkpoint = `${net}.${data}`;
      const found = all.get(checkpoint);
      const wrong = (split: "train" | "test") =>
        found
          ? { errors: found[split].total - found[split].correct, of: found[split].total }
          : null;
      return {
        fraction,
        checkpoint,
        epochs: (found && epochsToFit(found.history, OVERFITTED, found.train.total)) ?? null,
        paperFactor: factors[k] ?? null,
        train: wrong("train"),
        test: wrong("test"),
        testErrorPercentIfCorrupted: found ? errorIfCorrupted(found, fraction) : null,
        paperTestErrorPercent: errors[k] ?? null,
      };
    }),
  };
}

/** Null stands for what no published checkpoint or no history tells. */
export function figure1(all: All) {
  return {
    a: lossCurves(all),
    bAndC: {
      overfitted: `first epoch with ${OVERFITTED.join("/")} of the given labels met online`,
      nets: FIGURE_1_NETS.map((net) => byCorruption(all, net)),
    },
  };
}
