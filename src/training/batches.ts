/** The minibatches of an epoch: shuffled, cropped and standardized, each out of its key. */
import { IMAGE_BYTES } from "../datasets/cifar10.ts";
import type { Storage } from "../datasets/storage.ts";
import { readTrainingImages } from "../datasets/view.ts";
import { CLASSES } from "../nets/net.ts";
import { keyed, permutation } from "../prng.ts";
import type { TrainingRecipe } from "../recipe.ts";
import { CENTRE, STANDARDIZED, standardize } from "./standardize.ts";

export interface TrainingSet {
  /** uint8 [n, 3, 32, 32]. */
  images: Uint8Array<ArrayBuffer>;
  /** Given labels, uint8 [n]. */
  labels: Uint8Array<ArrayBuffer>;
  /** The standardized centre crops [n, 28, 28, 3], where every epoch sees the same ones. */
  standardized?: Float32Array<ArrayBuffer>;
}

/** Reads the training split of a recipe's view. */
export async function readTrainingSet(
  storage: Storage,
  { view, regularizers }: TrainingRecipe,
): Promise<TrainingSet> {
  const { images, given: labels } = await readTrainingImages(storage, view);
  if (regularizers.crop) return { images, labels };
  const standardized = new Float32Array(labels.length * STANDARDIZED);
  for (let i = 0; i < labels.length; i++) {
    const image = images.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES);
    standardize(image, CENTRE, CENTRE, standardized, i * STANDARDIZED);
  }
  return { images, labels, standardized };
}

/** What it holds is overwritten when the next is asked for. */
export interface Batch {
  /** [n, 28, 28, 3]. */
  images: Float32Array<ArrayBuffer>;
  /** One-hot, [n, 10]. */
  labels: Float32Array<ArrayBuffer>;
}

function emptyBatch(n: number): Batch {
  return { images: new Float32Array(n * STANDARDIZED), labels: new Float32Array(n * CLASSES) };
}

/**
 * The batches of epoch e, from 0; the last holds what is left.
 * Order: purpose `order`, i = e. Crops: purpose `crop`, i = e · size + example,
 * the row by below(5), then the column by below(5).
 */
export function* batches(
  { images, labels, standardized }: TrainingSet,
  { batchSize, seed }: TrainingRecipe,
  epoch: number,
): Generator<Batch> {
  const size = labels.length;
  const order = permutation(keyed("order", seed, epoch), size);
  let batch = emptyBatch(0);
  for (let start = 0; start < size; start += batchSize) {
    const chosen = order.subarray(start, start + batchSize);
    // Filled anew: allocating takes several times as long as filling.
    if (batch.labels.length !== chosen.length * CLASSES) batch = emptyBatch(chosen.length);
    batch.labels.fill(0);
    for (const [k, example] of chosen.entries()) {
      batch.labels[k * CLASSES + (labels[example] as number)] = 1;
      const at = k * STANDARDIZED;
      if (standardized) {
        const from = example * STANDARDIZED;
        batch.images.set(standardized.subarray(from, from + STANDARDIZED), at);
      } else {
        const image = images.subarray(example * IMAGE_BYTES, (example + 1) * IMAGE_BYTES);
        const { below } = keyed("crop", seed, epoch * size + example);
        standardize(image, below(2 * CENTRE + 1), below(2 * CENTRE + 1), batch.images, at);
      }
    }
    yield batch;
  }
}
