/** A view: a dataset with its corruption. Test labels are always the true ones. */
import { LRUCache } from "lru-cache";
import * as v from "valibot";
import type { Examples, Split } from "./cifar10.ts";
import { datasetOf } from "./datasets.ts";
import { isFraction, labelling } from "./labels.ts";
import { applyPixels } from "./pixels.ts";
import { BLOCK_RECORDS } from "./records.ts";
import type { Storage } from "./storage.ts";

const seed = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const Schema = v.strictObject({
  dataset: v.picklist(["cifar10", "mnist"]),
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
  examples: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60_000))),
});

/** MNIST has one plane, and none of its pixels are corrupted here. */
export const ViewSchema = v.pipe(
  Schema,
  v.check(
    ({ labels }) => labels.kind === "true" || isFraction(labels.fraction),
    "a fraction is written a/b, with 0 ≤ a ≤ b and b > 0",
  ),
  v.check(
    ({ dataset, pixels }) => dataset === "cifar10" || pixels.kind === "true",
    "MNIST has true pixels alone",
  ),
  v.check(
    ({ dataset, examples = 1 }) => examples <= datasetOf(dataset).size.train,
    "more examples than there are",
  ),
);

export type View = v.InferOutput<typeof ViewSchema>;

/** How many examples a split of a view has. */
export function viewSize(view: View, split: Split): number {
  const { size } = datasetOf(view.dataset);
  return split === "train" ? (view.examples ?? size.train) : size.test;
}

/** Training labels given before, by view and range: each takes a hash, and checkpoints share views. */
const givenBefore = new LRUCache<string, Uint8Array<ArrayBuffer>>({ max: 1000 });

function give({ dataset, labels: view }: View, trueLabels: Uint8Array<ArrayBuffer>, start: number) {
  if (view.kind === "true") return trueLabels;
  const key = [dataset, view.fraction, view.seed, start, trueLabels.length].join(" ");
  const known = givenBefore.get(key);
  if (known) return known;
  const label = labelling(view);
  const given = trueLabels.map((trueLabel, k) => label(trueLabel, start + k));
  givenBefore.set(key, given);
  return given;
}

/** Examples of a view: the dataset's, and the labels that the view gives them. */
export interface ViewExamples extends Examples {
  given: Uint8Array<ArrayBuffer>;
}

/** @throws RangeError if the range ends outside the split. */
function checkEnd(view: View, split: Split, start: number, end: number): void {
  const size = viewSize(view, split);
  if (end <= size) return;
  throw new RangeError(`range ${start} to ${end} is not within ${split}'s 0 to ${size}`);
}

function givenOf(view: View, split: Split, labels: Uint8Array<ArrayBuffer>, start: number) {
  return split === "test" ? labels : give(view, labels, start);
}

/**
 * The true and the given labels [start, end) of a split of a view, without its pixels.
 * They are shared: to be read only.
 * @throws RangeError if the range is empty or outside the split.
 */
export async function readLabels(
  storage: Storage,
  view: View,
  split: Split,
  start: number,
  end: number,
): Promise<Pick<ViewExamples, "labels" | "given">> {
  checkEnd(view, split, start, end);
  const labels = await datasetOf(view.dataset).readTrueLabels(storage, split, start, end);
  return { labels, given: givenOf(view, split, labels, start) };
}

/**
 * The examples [start, end) of a split of a view. They are shared: to be read only.
 * @throws RangeError if the range is empty or outside the split.
 */
export async function readView(
  storage: Storage,
  view: View,
  split: Split,
  start: number,
  end: number,
): Promise<ViewExamples> {
  checkEnd(view, split, start, end);
  const { readExamples, size } = datasetOf(view.dataset);
  const { labels, images } = await readExamples(storage, split, start, end);
  return {
    labels,
    images: applyPixels(view.pixels, images, start + (split === "test" ? size.train : 0)),
    given: givenOf(view, split, labels, start),
  };
}

/** What a net of a view is trained on: its images, uint8 [n, channels, height, width], and their given labels. */
export async function readTrainingImages(storage: Storage, view: View) {
  const [size, { imageBytes }] = [viewSize(view, "train"), datasetOf(view.dataset)];
  const images = new Uint8Array(size * imageBytes);
  const given = new Uint8Array(size);
  for (let at = 0; at < size; at += BLOCK_RECORDS) {
    const part = await readView(storage, view, "train", at, Math.min(size, at + BLOCK_RECORDS));
    images.set(part.images, at * imageBytes);
    given.set(part.given, at);
  }
  return { images, given };
}
