/** Evaluates a checkpoint into the fixture that others must meet: on both runtimes, or on one alone. */
import { SPLITS, type Split } from "../datasets/cifar10.ts";
import type { Storage } from "../datasets/storage.ts";
import { viewSize } from "../datasets/view.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { evaluateSplit, SHARD, type Sessions } from "./evaluate-split.ts";
import { CONVOLUTIONAL_REFERENCE } from "./extent.ts";
import { loadModel } from "./external.ts";
import { type Fixture, gapOf, type PartialFixture } from "./fixture.ts";
import type { Runtime } from "./runtimes/runtime.ts";

export interface PublishedEvaluation {
  fixture: Fixture;
  predictions: Record<Split, Uint8Array<ArrayBuffer>>;
}

/**
 * How many examples of a split the reference covers: all of them where wasm is
 * fast enough, a part for convolutional nets: it takes minutes for Inception's.
 */
function referenceSize({ recipe }: Checkpoint, size: number, convolutional: number): number {
  const dense = recipe.net.startsWith("mlp") || recipe.net === "theorem1";
  return dense ? size : Math.min(size, convolutional);
}

export interface Runtimes {
  native?: Runtime;
  /** With the digest of the file that it runs. */
  wasm?: Runtime & { wasmSha256: string };
}

/**
 * Splits of a checkpoint, out of what runtimes there are.
 * @param covers how many of so many examples wasm gives beside native
 */
export async function publishSplits(
  dataset: Storage,
  checkpoint: Checkpoint,
  model: Uint8Array<ArrayBuffer>,
  { native, wasm }: Runtimes,
  splits: Split[],
  covers: (size: number) => number,
  onShard: () => void = () => {},
): Promise<{ fixture: PartialFixture; predictions: PublishedEvaluation["predictions"] }> {
  const { id, recipe, preprocessing } = checkpoint;
  const load = (runtime: Runtime) => loadModel(runtime, dataset, checkpoint, model);
  const sessions: Sessions = {};
  const nothing = new Uint8Array(0);
  const predictions = { train: nothing, test: nothing };
  const found: PartialFixture["splits"] = {};
  try {
    if (native) sessions.native = await load(native);
    if (wasm) sessions.wasm = await load(wasm);
    const evaluated = { id, view: recipe.view, covers };
    for (const split of splits) {
      const one = await evaluateSplit(dataset, evaluated, split, sessions, onShard);
      const { fixture, correctOnTrueLabels } = one;
      predictions[split] = one.predictions;
      if (split === "train") found.train = { ...fixture, correctOnTrueLabels };
      else found.test = fixture;
    }
  } finally {
    for (const session of Object.values(sessions)) await session.close();
  }
  const { train, test } = found;
  const by = (runtime: Runtime) => ({ package: runtime.package, version: runtime.version });
  const fixture: PartialFixture = {
    checkpoint: id,
    sha256: checkpoint.model.sha256,
    view: recipe.view,
    ...(preprocessing && { preprocessing }),
    splits: found,
    ...(train && test && { gap: gapOf(train, test) }),
    runtime: {
      ...(wasm && { wasm: { ...by(wasm), wasmSha256: wasm.wasmSha256 } }),
      ...(native && { native: by(native) }),
    },
  };
  return { fixture, predictions };
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
  const published = await publishSplits(
    dataset,
    checkpoint,
    model,
    { native, wasm: { ...wasm, wasmSha256 } },
    [...SPLITS],
    (size) => referenceSize(checkpoint, size, convolutional),
    onShard,
  );
  return published as PublishedEvaluation; // of both splits
}

/** How many shards `publish` evaluates. */
export function shardCount(checkpoint: Checkpoint): number {
  const { view } = checkpoint.recipe;
  return Math.ceil(viewSize(view, "train") / SHARD) + Math.ceil(viewSize(view, "test") / SHARD);
}
