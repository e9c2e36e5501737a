/**
 * Evaluation as ratios taken in one run: from cached bytes to counts against
 * the bare session.run on tensors in memory, wasm against native, and wasm on every core against one.
 */
import { performance } from "node:perf_hooks";
import { openDataset } from "../../src/local/dataset.ts";
import { IMAGE_BYTES, readExamples } from "../../src/datasets/cifar10.ts";
import type { Storage } from "../../src/datasets/storage.ts";
import { BATCH, evaluate } from "../../src/evaluation/evaluate.ts";
import { onCores } from "../../src/evaluation/runtimes/cores.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import type { Session } from "../../src/evaluation/runtimes/runtime.ts";
import { NETS } from "../../src/nets/registry.ts";
import { exportNet } from "../../src/onnx/net.ts";
import type { TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";
import { initialState } from "../../src/training/initialize.ts";

/** Batches that wasm evaluates, and how often: a new thread compiles for seconds while it runs. */
const FEW = 5;
const WARMING = 8;

/** The best of some runs, in milliseconds: what the machine's other work disturbs least. */
async function best(
  runs: number,
  work: () => Promise<unknown>,
  prepare: () => Promise<unknown> = async () => {},
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < runs; k++) {
    await prepare();
    const started = performance.now();
    await work();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

async function bare(session: Session, images: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let at = 0; at < images.length; at += BATCH * IMAGE_BYTES) {
    await session.run(images.subarray(at, at + BATCH * IMAGE_BYTES));
  }
}

async function whole(dataset: Storage, session: Session, id: string, shards: number) {
  const { view } = RECIPES[id] as TrainingRecipe;
  const ranges = Array.from({ length: shards }, (_, k) => ({
    start: k * 1000,
    end: (k + 1) * 1000,
  }));
  for await (const _ of evaluate(dataset, view, session, "train", ranges));
}

/** A net's weights do not change its speed, so none need be published. */
export async function benchEvaluation(): Promise<void> {
  const dataset = await openDataset();
  for (const [id, shards] of [
    ["mlp-1x512.random-labels", 20],
    ["alexnet.random-labels", 4],
  ] as const) {
    const net = NETS[(RECIPES[id] as TrainingRecipe).net];
    const model = exportNet(net, initialState(net, 0), { id });
    const native = await (await openRuntime("native")).load(model);
    const { images } = await readExamples(dataset, "train", 0, shards * 1000);
    await bare(native, images.subarray(0, BATCH * IMAGE_BYTES));
    const alone = await best(5, () => bare(native, images));
    const complete = await best(5, () => whole(dataset, native, id, shards));
    // Others, as many as memory keeps, take the place of those that will be read.
    const forget = () => readExamples(dataset, "train", 30_000, 50_000);
    const fromDisk = await best(5, () => whole(dataset, native, id, shards), forget);
    await native.close();
    const few = images.subarray(0, FEW * BATCH * IMAGE_BYTES);
    const one = await openRuntime("wasm");
    const cores = onCores(one);
    const shared = await cores.load(model); // first: see apart
    const fast = await best(WARMING, () => bare(shared, few));
    cores.stop();
    const wasm = await one.load(model);
    const slow = await best(WARMING, () => bare(wasm, few));
    await wasm.close();
    const perImage = slow / (FEW * BATCH);
    const rate = (ms: number) => `${Math.round((shards * 1e6) / ms)} images/s`;
    console.log(
      `${id}: bytes to counts / bare session.run  ${(alone / complete).toFixed(2)}  (${rate(complete)} / ${rate(alone)})`,
    );
    console.log(`${id}: the same, read and hashed anew  ${(alone / fromDisk).toFixed(2)}`);
    console.log(`${id}: wasm / native  ${(alone / (shards * 1000) / perImage).toFixed(3)}`);
    console.log(`${id}: wasm on every core / on one  ${(slow / fast).toFixed(2)}`);
  }
}
