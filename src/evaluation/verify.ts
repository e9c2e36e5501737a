/** Recomputes shards of a published checkpoint and compares them with its fixture. */
import { SPLITS, type Split } from "../datasets/cifar10.ts";
import { CheckpointError, InputError, type Storage } from "../datasets/storage.ts";
import { keyed, permutation } from "../prng.ts";
import { type Comparison, compareShard, type Result, resultOf, worst } from "./compare.ts";
import { evaluate, type Range } from "./evaluate.ts";
import { loadModel } from "./external.ts";
import type { SplitFixture } from "./fixture.ts";
import type { Published } from "./published.ts";
import type { Runtime, RuntimeName, Session } from "./runtimes/runtime.ts";

export interface Sampling {
  /** Shards of each split, drawn at random; "all" takes every one. */
  shards: number | "all";
  seed: number;
}

export interface Verification {
  checkpoint: string;
  runtime: string;
  result: Result;
  splits: Record<Split, Comparison[]>;
}

/**
 * The shards that a sampling takes of a split, in order (keyed by purpose verify-<split>).
 * On wasm it draws among those whose logits are published: else there would be nothing
 * that native does not compare as well.
 */
export function sampleShards(
  { shards: all, reference }: SplitFixture,
  split: Split,
  { shards, seed }: Sampling,
  runtime: RuntimeName = "native",
) {
  if (shards === "all") return all;
  const from =
    runtime === "wasm" && reference.length > 0
      ? all.filter(({ start }) => reference.some((range) => range.start === start))
      : all;
  const drawn = permutation(keyed(`verify-${split}`, seed, 0), from.length).slice(0, shards);
  return from.filter((_, i) => drawn.includes(i));
}

/** A model that a runtime refuses; it may well take the others. */
async function load(
  runtime: Runtime,
  dataset: Storage,
  { checkpoint, model }: Pick<Published, "checkpoint" | "model">,
): Promise<Session> {
  try {
    return await loadModel(runtime, dataset, checkpoint, model);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw CheckpointError.of(error, `models/${checkpoint.id}/model.onnx: `);
  }
}

/**
 * Recomputes shards of both splits on one runtime.
 * @throws CheckpointError if the runtime refuses the model; the signal's reason once it is aborted
 */
export async function verifyCheckpoint(
  dataset: Storage,
  published: Published,
  runtime: Runtime,
  shards: Record<Split, Range[]>,
  onShard: (split: Split, comparison: Comparison) => void = () => {},
  signal?: AbortSignal,
): Promise<Verification> {
  const { fixture, checkpoint } = published;
  const splits: Record<Split, Comparison[]> = { train: [], test: [] };
  const session = await load(runtime, dataset, published);
  try {
    for (const split of SPLITS) {
      const own = shards[split];
      for await (const shard of evaluate(dataset, fixture.view, session, split, own, signal)) {
        const result = await resultOf(runtime, shard);
        const comparison = await compareShard(published, split, runtime, result);
        splits[split].push(comparison);
        onShard(split, comparison);
      }
    }
  } finally {
    await session.close();
  }
  const results = [...splits.train, ...splits.test].map((c) => c.result);
  return { checkpoint: checkpoint.id, runtime: runtime.name, result: worst(results), splits };
}
