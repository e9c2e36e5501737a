/** Small hand-made records for the tests of claims. */
import type { Evidence } from "../../src/claims/evidence.ts";
import type { History } from "../../src/history.ts";

/** Everything fitted, the test set at chance. */
export function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    parameters: 10,
    train: { correct: 50_000, total: 50_000 },
    test: { correct: 1000, total: 10_000 },
    history: [],
    trained: false,
    result: "match",
    ...change,
  };
}

/** The first so many of 10,000 test images met, one by one: of two such nets the better meets all that the other does. */
export function meetsFirst(correct: number): Pick<Evidence, "test" | "answers"> {
  const predictions = new Uint8Array(10_000).fill(5, correct);
  const answers = { predictions, labels: new Uint8Array(10_000) };
  return { test: { correct, total: 10_000 }, answers };
}

/** A history of 100 steps an epoch with these online accuracies, and losses where given. */
export function curve(accuracies: number[], losses: number[][] = []): History {
  return accuracies.map((accuracy, k) => ({
    epoch: k + 1,
    steps: 100 * (k + 1),
    learningRate: 0.1,
    loss: 1,
    accuracy,
    losses: losses[k] ?? Array.from({ length: 10 }, () => 1),
    seconds: 1,
  }));
}
