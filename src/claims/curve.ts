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

type Which = keyof NonNullable<History[number]["hits"]>;

/** Whether hits were counted after every epoch: of some, nobody knows which came first. */
export function counted(history: History, which: Which): boolean {
  return history.every(({ hits }) => hits?.[which] !== undefined);
}

/** The test hits by which the last epoch is short of the best (Figure 2b), which were `counted`. */
export function lostHits(history: History): Fraction {
  const tests = history.flatMap(({ hits }) => hits?.test ?? []);
  const [last, most] = [tests.at(-1), Math.max(...tests.map(({ correct }) => correct))];
  return last ? [most - last.correct, last.total] : [1, 1];
}

/**
 * The first epoch after which this fraction is met of the training examples whose given label is
 * the true one (`unchanged`) or not (`changed`); undefined if it never is. They were `counted`.
 */
export function epochsToMeet(
  history: History,
  which: Which,
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
