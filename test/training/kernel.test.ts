/** The blocked solve on few images: it interpolates, goes on from what is kept, and its model file computes the same. */
import * as tf from "@tensorflow/tfjs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DATASETS, type DatasetName } from "../../src/datasets/datasets.ts";
import type { View } from "../../src/datasets/view.ts";
import { readView } from "../../src/datasets/view.ts";
import { predict } from "../../src/evaluation/evaluate.ts";
import { readExternal } from "../../src/evaluation/external.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { exportKernel } from "../../src/onnx/kernel.ts";
import { normOfMachine } from "../../src/onnx/norm.ts";
import { countWeights } from "../../src/onnx/weights.ts";
import { type BlockStore, factorize, workOf } from "../../src/training/kernel/factor.ts";
import { gramOf } from "../../src/training/kernel/gram.ts";
import { solve } from "../../src/training/kernel/solve.ts";
import { tensorflowOrSkip } from "./available.ts";

const N = 100;
const KERNEL = { gamma: 0.02, penalty: 0 };

async function examples(dataset: DatasetName) {
  const view: View = { dataset, labels: { kind: "true" }, pixels: { kind: "true" } };
  const storage = await openDataset(dataset);
  const { images, given } = await readView(storage, view, "train", 0, N);
  const oneHot = new Float64Array(N * 10);
  for (const [i, label] of given.entries()) oneHot[i * 10 + label] = 1;
  return { storage, images, given, oneHot, imageBytes: DATASETS[dataset].imageBytes };
}

/** Keeps blocks, at most so many. */
function keeping(most: number): BlockStore & { blocks: Map<string, Float32Array<ArrayBuffer>> } {
  const blocks = new Map<string, Float32Array<ArrayBuffer>>();
  return {
    blocks,
    read: async (i, j) => blocks.get(`${i} ${j}`),
    async write(i, j, values) {
      if (blocks.size === most) throw new Error("killed");
      blocks.set(`${i} ${j}`, new Float32Array(values));
    },
  };
}

if (await tensorflowOrSkip("the kernel's solve")) {
  for (const dataset of ["mnist", "cifar10"] as const) {
    test(`${dataset}: what is solved interpolates, in the model file on both runtimes, too`, async () => {
      const { storage, images, given, oneHot, imageBytes } = await examples(dataset);
      const gram = gramOf(images, imageBytes, KERNEL, 3); // blocks of 34, 34 and 32 rows
      let work = 0;
      const factor = await factorize(gram, keeping(6), (more) => {
        work += more;
      });
      assert.is(work, workOf(gram));
      const { alpha, product, residual } = solve(gram, factor, oneHot, 10);
      assert.ok(residual < 1e-4, `${residual}`);
      const norm = Math.sqrt(alpha.reduce((sum, a, k) => sum + a * (product[k] as number), 0));
      const machine = { dataset, gamma: 0.02, images, alpha: Float32Array.from(alpha) };
      const model = exportKernel(machine, { id: "k" });
      assert.is(countWeights(model), N * 10);
      const files = DATASETS[dataset].trainingImages.map(({ file }) => file);
      for (const name of ["native", "wasm"] as const) {
        const runtime = await openRuntime(name);
        const session = await runtime.load(model, () => readExternal(storage, model, files));
        const logits = await session.run(new Uint8Array(images));
        assert.equal(predict(logits), new Uint8Array(given));
        assert.ok(Math.abs(normOfMachine(model, logits) / norm - 1) < 1e-4);
        const alone = await session.run(images.slice(0, imageBytes));
        assert.equal(alone, logits.slice(0, 10), "logits do not depend on the batch");
        await session.close();
      }
      tf.dispose(factor.flat());
      gram.dispose();
    });
  }

  test("a factorization that was killed goes on to the same bits", async () => {
    const { images, imageBytes } = await examples("mnist");
    const gram = gramOf(images, imageBytes, KERNEL, 3);
    const [whole, killed] = [keeping(6), keeping(4)];
    await factorize(gram, whole);
    await factorize(gram, killed).then(
      () => assert.unreachable(),
      (error: unknown) => assert.is((error as Error).message, "killed"),
    );
    const resumed = keeping(6);
    for (const [key, values] of killed.blocks) resumed.blocks.set(key, values);
    await factorize(gram, resumed);
    assert.equal([...resumed.blocks.keys()], [...whole.blocks.keys()]);
    for (const [key, values] of whole.blocks) assert.equal(resumed.blocks.get(key), values, key);
  });

  test("a penalty leaves what it should: (K + λ·1) α = Y", async () => {
    const { images, imageBytes, oneHot } = await examples("mnist");
    const gram = gramOf(images, imageBytes, { gamma: 0.02, penalty: 1 }, 3);
    const factor = await factorize(gram, keeping(6));
    const { alpha } = solve(gram, factor, oneHot, 10);
    const bare = gramOf(images, imageBytes, KERNEL, 1).block(0, 0);
    const fitted = tf
      .matMul(bare, tf.tensor2d(Float32Array.from(alpha), [N, 10]))
      .dataSync() as Float32Array;
    const off = fitted.map((f, k) => Math.abs(f + (alpha[k] as number) - (oneHot[k] as number)));
    assert.ok(Math.max(...off) < 1e-4);
  });

  test("images all alike cannot be interpolated, and it says so", async () => {
    const gram = gramOf(new Uint8Array(20 * 784), 784, KERNEL, 2);
    const before = tf.memory().numTensors;
    await factorize(gram, keeping(3)).then(
      () => assert.unreachable("it was accepted"),
      (error: unknown) =>
        assert.match((error as Error).message, /not positive definite in float32/),
    );
    assert.is(tf.memory().numTensors, before); // nothing stays of what was factored
  });
}

test.run();
