/** Evaluates a checkpoint whole, on both runtimes, into the fixture that others must meet. */
import { SPLIT_SIZE, type Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import type { Storage } from "../datasets/storage.ts";
import { viewSize } from "../datasets/view.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { logitsDigest } from "./compare.ts";
import { evaluate, type Range, type ShardEvaluation } from "./evaluate.ts";
import { type Fixture, gapOf, type SplitFixture } from "./fixture.ts";
import { fragileExamples, largestDeviation, margins } from "./margin.ts";
import type { Runtime, Session } from "./runtimes/runtime.ts";

const SHARD = 1_000;

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
 * The fixture of a checkpoint. The reference covers all of both splits.
 * @throws Error if the runtimes disagree on an example that is not fragile.
 */
export async function publish(
  dataset: Storage,
  checkpoint: Checkpoint,
  model: Uint8Array<ArrayBuffer>,
  native: Runtime,
  wasm: Runtime,
  wasmSha256: string,
  onShard: () => void = () => {},
): Promise<PublishedEvaluation> {
  const { view } = checkpoint.recipe;

  async function splitFixture(
    split: Split,
    fast: Session,
    reference: Session,
  ): Promise<[SplitFixture, Uint8Array<ArrayBuffer>]> {
    const size = viewSize(view, split);
    const predictions = new Uint8Array(size);
    const allMargins = new Float32Array(size);
    const fixture: SplitFixture = {
      total: size,
      correct: 0,
      predictions: { sha256: "", file: `predictions/${checkpoint.id}.${split}.bin` },
      shards: [],
      margin: { min: 0, deviation: 0, fragile: [] },
      reference: [],
    };
    let onTrue = 0;
    const differing: number[] = [];
    const other = evaluate(dataset, view, fast, split, shardsOf(size));
    // The reference decides what is published; native must agree.
    for await (const shard of evaluate(dataset, view, reference, split, shardsOf(size))) {
      const { start, end, correct, logits } = shard;
      const compared = (await other.next()).value as ShardEvaluation;
      predictions.set(shard.predictions, start);
      allMargins.set(margins(logits), start);
      fixture.correct += correct;
      onTrue += shard.correctOnTrueLabels;
      fixture.shards.push({
        start,
        end,
        correct,
        predictionsSha256: await sha256Hex(shard.predictions),
      });
      fixture.reference.push({ start, end, logitsSha256: await logitsDigest(logits) });
      fixture.margin.deviation = Math.max(
        fixture.margin.deviation,
        largestDeviation(logits, compared.logits),
      );
      shard.predictions.forEach((p, i) => {
        if (p !== compared.predictions[i]) differing.push(start + i);
      });
      onShard();
    }
    fixture.margin.min = allMargins.reduce((a, b) => Math.min(a, b));
    fixture.margin.fragile = fragileExamples(allMargins, fixture.margin.deviation);
    const unexplained = differing.find((i) => !fixture.margin.fragile.includes(i));
    if (unexplained !== undefined)
      throw new Error(`the runtimes disagree on ${split} example ${unexplained}`);
    fixture.predictions.sha256 = await sha256Hex(predictions);
    if (split === "train") fixture.correctOnTrueLabels = onTrue;
    return [fixture, predictions];
  }

  const fast = await native.load(model);
  const reference = await wasm.load(model);
  try {
    const [train, trainPredictions] = await splitFixture("train", fast, reference);
    const [test, testPredictions] = await splitFixture("test", fast, reference);
    return {
      fixture: {
        checkpoint: checkpoint.id,
        sha256: checkpoint.model.sha256,
        view,
        splits: { train, test },
        gap: gapOf(train, test),
        runtime: {
          wasm: { package: wasm.package, version: wasm.version, wasmSha256 },
          native: { package: native.package, version: native.version },
        },
      },
      predictions: { train: trainPredictions, test: testPredictions },
    };
  } finally {
    await fast.close();
    await reference.close();
  }
}

/** How many shards `publish` evaluates. */
export function shardCount(checkpoint: Checkpoint): number {
  return Math.ceil(viewSize(checkpoint.recipe.view, "train") / SHARD) + SPLIT_SIZE.test / SHARD;
}
