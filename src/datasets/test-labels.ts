/**
 * The true labels of the test sets, so that predictions can be compared where no dataset is;
 * scripts/blocks.ts writes them out of the official files, a digit each.
 */
import digits from "../../fixtures/test-labels.json" with { type: "json" };
import type { DatasetName } from "./datasets.ts";

function labelsOf(text: string): Uint8Array {
  return Uint8Array.from(text, Number);
}

/** uint8, one a test example. */
export const TEST_LABELS: Record<DatasetName, Uint8Array> = {
  cifar10: labelsOf(digits.cifar10),
  mnist: labelsOf(digits.mnist),
};
