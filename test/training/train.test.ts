/** Training on a small recipe: it learns, and stopped and resumed it gives the same bytes as in one go. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../../src/local/dataset.ts";
import { InputError } from "../../src/datasets/storage.ts";
import { type Weight, weightsOf } from "../../src/nets/net.ts";
import { NETS } from "../../src/nets/registry.ts";
import { exportNet } from "../../src/onnx/net.ts";
import type { TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";
import { openBackend } from "../../src/training/backend.ts";
import {
  type Batch,
  batches,
  readTrainingSet,
  type TrainingSet,
} from "../../src/training/batches.ts";
import type { Epoch } from "../../src/history.ts";
import { initialState } from "../../src/training/initialize.ts";
import { decodeTraining, encodeTraining } from "../../src/training/saved-state.ts";
import { CENTRE, STANDARDIZED, standardize } from "../../src/training/standardize.ts";
import { batchSizes, stepOptions, train } from "../../src/training/train.ts";
import { tensorflowOrSkip } from "./available.ts";

const dataset = await openDataset();
// The pure-JavaScript backend trains anywhere; TensorFlow where it is set up.
const backend = (await tensorflowOrSkip("resuming on TensorFlow")) ?? (await openBackend("cpu"));

/** A recipe of few examples, few of them a step. */
function small(id: string, examples: number, batchSize: number, epochs: number): TrainingRecipe {
  const base = RECIPES[id] as TrainingRecipe;
  return { ...base, epochs, batchSize, view: { ...base.view, examples } };
}

const recipe = small("mlp-1x512.random-labels.wd", 72, 32, 6); // 72 = 2 · 32 + 8

/** Runs the epochs from `saved` up to `until`, as the train command does, and saves. */
async function run(
  recipe: TrainingRecipe,
  until: number,
  saved?: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const from = saved && (await decodeTraining(saved));
  const history: Epoch[] = from?.history ?? [];
  const set = await readTrainingSet(dataset, recipe);
  const net = NETS[recipe.net];
  const stepper = await backend.open(
    net,
    from?.state ?? initialState(net, 0),
    batchSizes(recipe, set.labels.length),
    stepOptions(recipe),
  );
  for await (const epoch of train({ ...recipe, epochs: until }, set, stepper, history.at(-1))) {
    history.push({ ...epoch, seconds: 0 });
  }
  const state = await stepper.read();
  stepper.dispose();
  const { computedWith } = backend;
  const rest = { recipeDigest: "", before: [], commits: [] };
  return encodeTraining({ ...rest, computedWith, history, state });
}

test("a training stopped after two epochs and resumed ends in the same bytes", async () => {
  const whole = await run(recipe, 6);
  const resumed = await run(recipe, 6, await run(recipe, 2));
  assert.equal(resumed, whole);
  const net = NETS[recipe.net];
  const { history, state } = await decodeTraining(whole);
  assert.equal(
    exportNet(net, (await decodeTraining(resumed)).state, {}),
    exportNet(net, state, {}),
  );
  assert.equal(
    history.map((e) => e.steps),
    [3, 6, 9, 12, 15, 18],
  );
  const [first, last] = [history[0], history[5]] as [Epoch, Epoch];
  assert.ok(last.loss < first.loss / 2, "72 random labels are quickly being memorized");
  assert.is(last.learningRate, 0.01 * 0.95 ** 5);
  assert.is(first.losses.length, 3, "one mean a step where an epoch has fewer than ten");
});

test("a target loss ends training with the first epoch below it, and what has ended stays so", async () => {
  const { history: whole } = await decodeTraining(await run(recipe, 6));
  const losses = whole.map(({ loss }) => loss);
  const targetLoss = ((losses[2] as number) + (losses[3] as number)) / 2;
  const ended = await run({ ...recipe, targetLoss }, 6);
  const { history } = await decodeTraining(ended);
  assert.equal(history, whole.slice(0, 4));
  assert.equal(await run({ ...recipe, targetLoss }, 6, ended), ended);
});

test("so does one with batch norm, whose averages are no weights", async () => {
  if (backend.computedWith.backend !== "tensorflow") return; // minutes in plain JavaScript
  const inception = small("inception.true", 10, 4, 2); // 10 = 2 · 4 + 2
  const whole = await run(inception, 2);
  assert.equal(await run(inception, 2, await run(inception, 1)), whole);
  const { state } = await decodeTraining(whole);
  const averages = [...state].filter(([name]) => /mean|variance/.test(name));
  assert.ok(averages.length > 0);
  for (const [name, values] of averages)
    assert.ok(
      values.some((x) => x !== 0 && x !== 1),
      `${name} moved`,
    );
});

/** An epoch's batches, copied before the next overwrites them. */
function batchesOf(set: TrainingSet, of: TrainingRecipe, epoch: number): Batch[] {
  const all = batches(set, of, epoch) as Iterable<Batch>;
  return Array.from(all, (b) => ({ images: b.images.slice(), labels: b.labels.slice() }));
}

test("an epoch's batches hold every example once, in an order of their own", async () => {
  const set = await readTrainingSet(dataset, recipe);
  const orders = [0, 1].map((epoch) => {
    const all = batchesOf(set, recipe, epoch);
    assert.equal(
      all.map((b) => b.labels.length / 10),
      [32, 32, 8],
    );
    const seen = all.flatMap((b) =>
      Array.from({ length: b.labels.length / 10 }, (_, k) => b.images[k * STANDARDIZED]),
    );
    const stored = Array.from({ length: 72 }, (_, i) => set.standardized?.[i * STANDARDIZED]);
    assert.equal(seen.toSorted(), stored.toSorted());
    return seen;
  });
  assert.not.equal(orders[0], orders[1]);
});

test("crops are 28×28 windows of the image, drawn anew each epoch", async () => {
  const cropped = { ...recipe, regularizers: { weightDecay: 0, crop: true } };
  const set = await readTrainingSet(dataset, cropped);
  const windows = new Set<string>();
  const out = new Float32Array(STANDARDIZED);
  for (let i = 0; i < 72; i++) {
    for (let row = 0; row <= 2 * CENTRE; row++) {
      for (let column = 0; column <= 2 * CENTRE; column++) {
        standardize(set.images.subarray(i * 3072, (i + 1) * 3072), row, column, out, 0);
        windows.add(out.join());
      }
    }
  }
  const [one, two] = [0, 1].map((epoch) => batchesOf(set, cropped, epoch));
  for (const { images } of [...(one as Batch[]), ...(two as Batch[])]) {
    for (let at = 0; at < images.length; at += STANDARDIZED) {
      assert.ok(windows.has(images.subarray(at, at + STANDARDIZED).join()));
    }
  }
  assert.not.equal(one?.[0]?.images, two?.[0]?.images);
});

test("weights begin as an independent program draws them", () => {
  const state = initialState(NETS["mlp-1x512"], 0);
  const first = (name: string) => [...(state.get(name)?.slice(0, 3) ?? [])];
  // Words of rethink/weights/0/<place>, scaled to ±√(6 / (fanIn + fanOut)).
  assert.equal(
    first("hidden1/kernel"),
    [-0.038565658032894135, 0.036365069448947906, -0.027709199115633965],
  );
  assert.equal(
    first("logits/kernel"),
    [0.059932515025138855, 0.05015891045331955, 0.011975825764238834],
  );
  assert.equal(first("hidden1/bias"), [0, 0, 0]);
});

test("crops lie where an independent program draws them, the row before the column", async () => {
  const cropped = { ...recipe, regularizers: { weightDecay: 0, crop: true } };
  const set = await readTrainingSet(dataset, cropped);
  const seen = new Set(
    batchesOf(set, cropped, 1).flatMap(({ images }) =>
      Array.from({ length: images.length / STANDARDIZED }, (_, k) =>
        images.subarray(k * STANDARDIZED, (k + 1) * STANDARDIZED).join(),
      ),
    ),
  );
  const out = new Float32Array(STANDARDIZED);
  // Epoch 1: words of rethink/crop/0/<72 + example>.
  for (const [example, row, column] of [
    [0, 0, 1],
    [1, 3, 4],
    [2, 3, 2],
    [3, 1, 3],
  ] as const) {
    const image = set.images.subarray(example * 3072, (example + 1) * 3072);
    standardize(image, row, column, out, 0);
    assert.ok(seen.has(out.join()), `example ${example}`);
  }
});

test("weight decay adds λ · w to the gradient of a kernel, and nothing to that of an offset", async () => {
  const net = NETS["mlp-1x512"];
  const state = initialState(net, 0);
  state.get("hidden1/bias")?.fill(0.1);
  const [batch] = batchesOf(await readTrainingSet(dataset, recipe), recipe, 0);
  const [rate, decay] = [0.01, 0.25];
  const after = await Promise.all(
    [0, decay].map(async (weightDecay) => {
      const stepper = await backend.open(net, state, [32], { momentum: 0.9, weightDecay });
      await stepper.step(batch?.images as Float32Array, batch?.labels as Float32Array, rate);
      const trained = await stepper.read();
      stepper.dispose();
      return trained;
    }),
  );
  for (const { name, role } of weightsOf(net)) {
    const [plain, decayed] = after.map((trained) => trained.get(name) as Float32Array);
    const wanted = role === "kernel" ? -rate * decay : 0;
    state.get(name)?.forEach((w, k) => {
      const moved = (decayed?.[k] as number) - (plain?.[k] as number);
      if (Math.abs(moved - wanted * w) > 1e-7) assert.unreachable(`${name} ${k} moved by ${moved}`);
    });
  }
});

test("layers that are named decay alone", async () => {
  const net = NETS["mlp-1x512"];
  const state = initialState(net, 0);
  const [batch] = batchesOf(await readTrainingSet(dataset, recipe), recipe, 0);
  const kernels = async (decayedLayers: string[] | undefined) => {
    const options = { momentum: 0.9, weightDecay: 0.25, decayedLayers };
    const stepper = await backend.open(net, state, [32], options);
    await stepper.step(batch?.images as Float32Array, batch?.labels as Float32Array, 0.01);
    const trained = await stepper.read();
    stepper.dispose();
    return ["hidden1/kernel", "logits/kernel"].map((name) => trained.get(name));
  };
  const [[hidden, logits], all, none] = [
    await kernels(["hidden1"]),
    await kernels(undefined),
    await kernels(["none"]),
  ];
  assert.equal([hidden, logits], [all[0], none[1]]);
  assert.not.equal(all, none);
});

test("by He, kernels begin as Glorot's do, but for the scale", () => {
  const net = NETS["inception-nobn"];
  const [glorot, he] = [initialState(net, 0), initialState(net, 0, "he")];
  const { name, fanIn, fanOut } = weightsOf(net)[0] as Weight;
  const scale = Math.sqrt((fanIn + fanOut) / fanIn);
  he.get(name)?.forEach((value, k) => {
    assert.ok(Math.abs(value / (scale * (glorot.get(name)?.[k] as number)) - 1) < 1e-6);
  });
});

test("a standardized image has mean 0 and deviation 1, a flat one is 0", () => {
  const out = new Float32Array(STANDARDIZED);
  standardize(
    Uint8Array.from({ length: 3072 }, (_, k) => (k * k) % 251),
    CENTRE,
    CENTRE,
    out,
    0,
  );
  const mean = out.reduce((s, x) => s + x, 0) / STANDARDIZED;
  const square = out.reduce((s, x) => s + x * x, 0) / STANDARDIZED;
  assert.ok(Math.abs(mean) < 1e-6 && Math.abs(square - 1) < 1e-6);
  standardize(new Uint8Array(3072).fill(200), CENTRE, CENTRE, out, 0);
  assert.ok(out.every((x) => x === 0));
});

test("a backend that is not there says in one line what to run", async () => {
  try {
    await openBackend("webgpu"); // its packages are not among the dependencies
  } catch (error) {
    assert.instance(error, InputError);
    assert.match((error as Error).message, /^WebGPU is not available \(.*\); run npm install .*$/);
  }
});

test("a damaged state is refused in one line", async () => {
  const saved = await run(recipe, 0);
  const flipped = saved.slice();
  flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1;
  for (const damaged of [saved.slice(0, -1), saved.slice(5), new Uint8Array(0), flipped]) {
    await decodeTraining(damaged).then(
      () => assert.unreachable(),
      (e: unknown) => {
        assert.instance(e, InputError);
        assert.match((e as Error).message, /damaged; delete it/);
      },
    );
  }
});

test.run();
