/** What Figure 1 reads off a training history. */
import type { History } from "../history.ts";
import { compare, type Fraction } from "../fraction.ts";

/** The training loss along the way: steps at the end of each tenth of an epoch, and its mean. */
export function lossCurve(history: History): { steps: number; loss: number }[] {
  let before = 0;
  return history.flatMap(({ steps, losses }) => {
    const from = before;
    before = steps;
    return losses.map((loss, k) => ({
      // Of 391 steps the first tenth is 0 to 39: the parts that the trainer averages.
      steps: from + Math.ceil(((k + 1) * (steps - from)) / losses.length),
      loss,
    }));
  });
}

/** Steps until the loss is first below the threshold (Figure 1a); undefined if it never is. */
export function stepsToLoss(history: History, threshold: number): number | undefined {
  return lossCurve(history).find(({ loss }) => loss < threshold)?.steps;
}

/**
 * Epochs until at least this fraction of the given labels is met online (Figure 1b);
 * undefined if it never is.
 * @param total the examples of an epoch
 */
export function epochsToFit(
  history: History,
  reached: Fraction,
  total: number,
): number | undefined {
  const met = (accuracy: number) => compare(onlineCount(accuracy, total), reached) >= 0;
  return history.find(({ accuracy }) => met(accuracy))?.epoch;
}

/** Test hits after the last epoch, and the most after any (Figure 2b); undefined where they were not counted. */
export function testHits(
  history: History,
): { last: number; most: number; total: number } | undefined {
  const counted = history.map(({ hits }) => hits?.test);
  const last = counted.at(-1);
  if (!last || counted.some((test) => !test)) return undefined;
  const most = Math.max(...counted.map((test) => test?.correct ?? 0));
  return { last: last.correct, most, total: last.total };
}

/**
 * The first epoch after which this fraction is met of the training examples whose given label is
 * the true one (`unchanged`) or not (`changed`); undefined if it never is, or was not counted.
 */
export function epochsToMeet(
  history: History,
  which: "changed" | "unchanged",
  reached: Fraction,
): number | undefined {
  return history.find(({ hits }) => {
    const met = hits?.[which];
    return met && compare([met.correct, met.total], reached) >= 0;
  })?.epoch;
}

/** The count behind an online accuracy, which the history holds as the nearest double of it. */
export function onlineCount(accuracy: number, total: number): Fraction {
  return [Math.round(accuracy * total), total];
}
