/** Evaluates a checkpoint whole, on both runtimes, into the fixture that others must meet. */
import type { Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { MismatchError, type Storage } from "../datasets/storage.ts";
import { type View, viewSize } from "../datasets/view.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { logitsDigest } from "./compare.ts";
import { evaluate, type Range, type ShardEvaluation } from "./evaluate.ts";
import { type Fixture, gapOf, type SplitFixture } from "./fixture.ts";
import { loadModel } from "./external.ts";
import { fragileExamples, largestDeviation, margins } from "./margin.ts";
import { predictionsFile } from "./published.ts";
import type { Runtime, Session } from "./runtimes/runtime.ts";

const SHARD = 1_000;
/** Examples of a split that wasm evaluates of a convolutional net: all of test, a fifth of train. */
export const CONVOLUTIONAL_REFERENCE = 10_000;

export interface PublishedEvaluation {
  fixture: Fixture;
  predictions: Record<Split, Uint8Array<ArrayBuffer>>;
}

function shardsOf(size: number): Range[] {
  return Array.from({ length: Math.ceil(size / SHARD) }, (_, k) => ({
    start: k * SHARD,
    end: Math.min(size, (k + 1) * SHARD),
  }));
}

/**
 * How many examples of a split the reference covers: all of them where wasm is
 * fast enough, a part for convolutional nets: it takes minutes for Inception's.
 */
function referenceSize({ recipe }: Checkpoint, size: number, convolutional: number): number {
  const dense = recipe.net.startsWith("mlp") || recipe.net === "theorem1";
  return dense ? size : Math.min(size, convolutional);
}

/** What is evaluated, and how many of a split's examples the reference covers. */
export interface Evaluated {
  id: string;
  view: View;
  covers: (size: number) => number;
}

interface SplitEvaluation {
  fixture: SplitFixture;
  correctOnTrueLabels: number;
  predictions: Uint8Array<ArrayBuffer>;
}

/**
 * Evaluates a split. The reference decides what is published where it covers
 * an example, native elsewhere; margins are the published logits'.
 * @throws MismatchError if the runtimes disagree on an example that is not fragile
 */
export async function evaluateSplit(
  dataset: Storage,
  { id, view, covers }: Evaluated,
  split: Split,
  native: Session,
  wasm: Session,
  onShard: () => void,
): Promise<SplitEvaluation> {
  const size = viewSize(view, split);
  const predictions = new Uint8Array(size);
  const allMargins = new Float32Array(size);
  const fixture: SplitFixture = {
    total: size,
    correct: 0,
    predictions: { sha256: "", file: predictionsFile(id, split) },
    shards: [],
    margin: { min: 0, deviation: 0, fragile: [] },
    reference: [],
  };
  let onTrue = 0;
  const differing: number[] = [];
  const covered = shardsOf(covers(size));
  const reference = evaluate(dataset, view, wasm, split, covered);
  for await (const fast of evaluate(dataset, view, native, split, shardsOf(size))) {
    const sure = (await reference.next()).value as ShardEvaluation | undefined;
    const { start, end, correct, correctOnTrueLabels, logits, ...shard } = sure ?? fast;
    predictions.set(shard.predictions, start);
    allMargins.set(margins(logits), start);
    fixture.correct += correct;
    onTrue += correctOnTrueLabels;
    const predictionsSha256 = await sha256Hex(shard.predictions);
    fixture.shards.push({ start, end, correct, predictionsSha256 });
    if (sure) {
      fixture.reference.push({ start, end, logitsSha256: await logitsDigest(logits) });
      const deviation = largestDeviation(logits, fast.logits);
      fixture.margin.deviation = Math.max(fixture.margin.deviation, deviation);
      shard.predictions.forEach((p, i) => {
        if (p !== fast.predictions[i]) differing.push(start + i);
      });
    }
    onShard();
  }
  fixture.margin.min = allMargins.reduce((a, b) => Math.min(a, b));
  fixture.margin.fragile = fragileExamples(allMargins, fixture.margin.deviation);
  const unexplained = differing.find((i) => !fixture.margin.fragile.includes(i));
  if (unexplained !== undefined) {
    throw new MismatchError(`the runtimes disagree on ${split} example ${unexplained}`);
  }
  fixture.predictions.sha256 = await sha256Hex(predictions);
  return { fixture, correctOnTrueLabels: onTrue, predictions };
}

/**
 * The fixture of a checkpoint, out of both runtimes.
 * @param convolutional examples of a split that wasm evaluates where the net is convolutional
 */
export async function publish(
  dataset: Storage,
  checkpoint: Checkpoint,
  model: Uint8Array<ArrayBuffer>,
  native: Runtime,
  wasm: Runtime,
  wasmSha256: string,
  onShard: () => void = () => {},
  convolutional = CONVOLUTIONAL_REFERENCE,
): Promise<PublishedEvaluation> {
  const fast = await loadModel(native, dataset, checkpoint, model);
  const reference = await loadModel(wasm, dataset, checkpoint, model);
  try {
    const evaluated: Evaluated = {
      id: checkpoint.id,
      view: checkpoint.recipe.view,
      covers: (size) => referenceSize(checkpoint, size, convolutional),
    };
    const splitOf = async (split: Split) =>
      await evaluateSplit(dataset, evaluated, split, fast, reference, onShard);
    const train = await splitOf("train");
    const test = await splitOf("test");
    const { correctOnTrueLabels } = train;
    return {
      fixture: {
        checkpoint: checkpoint.id,
        sha256: checkpoint.model.sha256,
        view: checkpoint.recipe.view,
        splits: { train: { ...train.fixture, correctOnTrueLabels }, test: test.fixture },
        gap: gapOf(train.fixture, test.fixture),
        runtime: {
          wasm: { package: wasm.package, version: wasm.version, wasmSha256 },
          native: { package: native.package, version: native.version },
        },
      },
      predictions: { train: train.predictions, test: test.predictions },
    };
  } finally {
    await fast.close();
    await reference.close();
  }
}

/** How many shards `publish` evaluates. */
export function shardCount(checkpoint: Checkpoint): number {
  const { view } = checkpoint.recipe;
  return Math.ceil(viewSize(view, "train") / SHARD) + Math.ceil(viewSize(view, "test") / SHARD);
}
