/** Counts of a model on a range of a view: a pure function of bytes. */
import type { Split } from "../datasets/cifar10.ts";
import { datasetOf } from "../datasets/datasets.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { readView, type View, type ViewExamples } from "../datasets/view.ts";
import type { Session } from "./runtimes/runtime.ts";

/** Images a call; small, because theorem1 keeps 50,000 float64 for each. */
export const BATCH = 100;
export const CLASSES = 10;

export interface Range {
  start: number;
  end: number;
}

export interface ShardEvaluation extends Range {
  split: Split;
  /** Against the given labels. */
  correct: number;
  correctOnTrueLabels: number;
  /** The given labels, uint8 [end − start]. */
  given: Uint8Array<ArrayBuffer>;
  /** uint8 [end − start]. */
  predictions: Uint8Array<ArrayBuffer>;
  /** float32 [end − start, 10]. */
  logits: Float32Array<ArrayBuffer>;
}

/** The index of the largest logit, the lowest on a tie; logits [n, 10]. */
export function predict(logits: Float32Array): Uint8Array<ArrayBuffer> {
  const predictions = new Uint8Array(logits.length / CLASSES);
  for (let i = 0; i < predictions.length; i++) {
    let best = 0;
    for (let k = 1; k < CLASSES; k++) {
      if ((logits[i * CLASSES + k] as number) > (logits[i * CLASSES + best] as number)) best = k;
    }
    predictions[i] = best;
  }
  return predictions;
}

/** How many predictions are the label; both [n]. */
export function hits(predictions: Uint8Array, labels: Uint8Array): number {
  return predictions.filter((p, i) => p === labels[i]).length;
}

async function evaluateShard(
  session: Session,
  split: Split,
  range: Range,
  examples: ViewExamples,
  signal: AbortSignal | undefined,
): Promise<ShardEvaluation> {
  const { imageBytes } = session;
  const logits = new Float32Array((range.end - range.start) * CLASSES);
  for (let at = 0; at < range.end - range.start; at += BATCH) {
    signal?.throwIfAborted();
    const images = examples.images.subarray(at * imageBytes, (at + BATCH) * imageBytes);
    logits.set(await session.run(images), at * CLASSES);
  }
  const predictions = predict(logits);
  return {
    ...range,
    split,
    given: examples.given,
    predictions,
    logits,
    correct: hits(predictions, examples.given),
    correctOnTrueLabels: hits(predictions, examples.labels),
  };
}

/** @throws InputError if the model takes another dataset's images. */
export function checkImages(session: Pick<Session, "imageBytes">, { dataset }: View): void {
  const { imageBytes } = datasetOf(dataset);
  if (session.imageBytes !== imageBytes)
    throw new InputError(
      `the model takes images of ${session.imageBytes} bytes; those of ${dataset} have ${imageBytes}`,
    );
}

/**
 * Evaluates shards one by one; the next is read while one is evaluated.
 * @throws InputError if the model takes another dataset's images; RangeError if a shard is outside the split; the signal's reason once it is aborted.
 */
export async function* evaluate(
  storage: Storage,
  view: View,
  session: Session,
  split: Split,
  shards: Range[],
  signal?: AbortSignal,
): AsyncGenerator<ShardEvaluation> {
  checkImages(session, view);
  const read = (range: Range | undefined) => {
    const reading = range && readView(storage, view, split, range.start, range.end);
    reading?.catch(() => {}); // awaited below, where it is thrown
    return reading;
  };
  let next = read(shards[0]);
  for (const [k, range] of shards.entries()) {
    const examples = (await next) as ViewExamples;
    next = read(shards[k + 1]);
    yield await evaluateShard(session, split, range, examples, signal);
  }
}
