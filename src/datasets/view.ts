/** A view: CIFAR-10 with its corruption. Test labels are always the true ones. */
import * as v from "valibot";
import { type Examples, readExamples, type Split, SPLIT_SIZE } from "./cifar10.ts";
import { labelling } from "./labels.ts";
import { applyPixels } from "./pixels.ts";
import type { Storage } from "./storage.ts";

const seed = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const ViewSchema = v.strictObject({
  dataset: v.literal("cifar10"),
  labels: v.variant("kind", [
    v.strictObject({ kind: v.literal("true") }),
    v.strictObject({
      kind: v.literal("corrupted"),
      fraction: v.pipe(v.string(), v.regex(/^\d+\/\d+$/)),
      seed,
    }),
  ]),
  pixels: v.variant("kind", [
    v.strictObject({ kind: v.literal("true") }),
    v.strictObject({ kind: v.picklist(["shuffled", "random", "gaussian"]), seed }),
  ]),
  examples: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50_000))),
});

export type View = v.InferOutput<typeof ViewSchema>;

/** How many examples a split of a view has. */
export function viewSize(view: View, split: Split): number {
  return split === "train" ? (view.examples ?? SPLIT_SIZE.train) : SPLIT_SIZE.test;
}

/** Examples of a view: the dataset's, and the labels that the view gives them. */
export interface ViewExamples extends Examples {
  given: Uint8Array<ArrayBuffer>;
}

/**
 * The examples [start, end) of a split of a view.
 * @throws RangeError if the range is empty or outside the split.
 */
export async function readView(
  storage: Storage,
  view: View,
  split: Split,
  start: number,
  end: number,
): Promise<ViewExamples> {
  if (end > viewSize(view, split)) {
    throw new RangeError(
      `range ${start} to ${end} is not within ${split}'s 0 to ${viewSize(view, split)}`,
    );
  }
  const examples = await readExamples(storage, split, start, end);
  applyPixels(view.pixels, examples.images, start + (split === "test" ? SPLIT_SIZE.train : 0));
  const label = labelling(split === "test" ? { kind: "true" } : view.labels);
  const given = examples.labels.map((trueLabel, k) => label(trueLabel, start + k));
  return { ...examples, given };
}
