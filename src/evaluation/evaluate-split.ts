/** A split of a checkpoint, whole: what its fixture says of it. */
import type { Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { MismatchError, type Storage } from "../datasets/storage.ts";
import { type View, viewSize } from "../datasets/view.ts";
import { logitsDigest } from "./compare.ts";
import { evaluate, type Range, type ShardEvaluation } from "./evaluate.ts";
import type { SplitFixture } from "./fixture.ts";
import { confidentMisses, fragileExamples, largestDeviation, margins } from "./margin.ts";
import { predictionsFile } from "./project.ts";
import type { Session } from "./runtimes/runtime.ts";

export const SHARD = 1_000;

function shardsOf(size: number): Range[] {
  return Array.from({ length: Math.ceil(size / SHARD) }, (_, k) => ({
    start: k * SHARD,
    end: Math.min(size, (k + 1) * SHARD),
  }));
}

/** What is evaluated, and how many of a split's examples the reference covers, rounded up to whole shards. */
export interface Evaluated {
  id: string;
  view: View;
  covers: (size: number) => number;
}

/** What runs it: both, or one alone. */
export interface Sessions {
  native?: Session;
  wasm?: Session;
}

interface SplitEvaluation {
  fixture: SplitFixture;
  correctOnTrueLabels: number;
  predictions: Uint8Array<ArrayBuffer>;
}

/**
 * Evaluates a split; by one runtime alone, it decides everything and `deviation` is 0. The reference
 * decides what is published where it covers an example, native elsewhere; margins are the published logits'.
 * @throws MismatchError if the runtimes disagree on an example that is not fragile
 */
export async function evaluateSplit(
  dataset: Storage,
  { id, view, covers }: Evaluated,
  split: Split,
  { native, wasm }: Sessions,
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
  let [onTrue, confident] = [0, 0];
  const differing: number[] = [];
  const main = native ?? wasm;
  if (!main) throw new Error("nothing to evaluate with");
  const covered = shardsOf(size).filter(({ start }) => start < covers(size));
  const beside = native && wasm && evaluate(dataset, view, wasm, split, covered);
  for await (const fast of evaluate(dataset, view, main, split, shardsOf(size))) {
    const sure = native ? ((await beside?.next())?.value as ShardEvaluation | undefined) : fast;
    const { start, end, correct, correctOnTrueLabels, given, logits, ...shard } = sure ?? fast;
    const own = margins(logits);
    predictions.set(shard.predictions, start);
    allMargins.set(own, start);
    confident += confidentMisses(own, shard.predictions, given);
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
  fixture.margin.confidentMisses = confident;
  fixture.margin.min = allMargins.reduce((a, b) => Math.min(a, b));
  fixture.margin.fragile = fragileExamples(allMargins, fixture.margin.deviation);
  const unexplained = differing.find((i) => !fixture.margin.fragile.includes(i));
  if (unexplained !== undefined) {
    throw new MismatchError(`the runtimes disagree on ${split} example ${unexplained}`);
  }
  fixture.predictions.sha256 = await sha256Hex(predictions);
  return { fixture, correctOnTrueLabels: onTrue, predictions };
}
