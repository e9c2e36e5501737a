/** What a fixture says of two runtimes, whose difference is known here. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../../src/local/dataset.ts";
import { IMAGE_BYTES, readExamples } from "../../src/datasets/cifar10.ts";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { readLabels } from "../../src/datasets/view.ts";
import type { Checkpoint } from "../../src/evaluation/checkpoint.ts";
import { logitsDigest } from "../../src/evaluation/compare.ts";
import { hits, predict } from "../../src/evaluation/evaluate.ts";
import { publish } from "../../src/evaluation/publish.ts";
import type { Runtime, RuntimeName } from "../../src/evaluation/runtimes/runtime.ts";
import type { TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";

const dataset = await openDataset();

type Logit = (pixels: Uint8Array, k: number) => number;

function runtime(name: RuntimeName, logit: Logit): Runtime {
  return {
    name,
    package: `onnxruntime-${name}`,
    version: "0.0.0",
    async load() {
      return {
        imageBytes: IMAGE_BYTES,
        run: async (images) =>
          Float32Array.from({ length: (images.length / IMAGE_BYTES) * 10 }, (_, at) => {
            const from = Math.floor(at / 10) * IMAGE_BYTES;
            return logit(images.subarray(from, from + IMAGE_BYTES), at % 10);
          }),
        close: async () => {},
      };
    },
  };
}

/** Class 1 leads class 0 by half the first byte, plus 1/8: by less than 1 in the darkest images. */
const reference: Logit = ([first = 0], k) => (k === 1 ? first / 2 + 1 / 8 : k === 0 ? 0 : -1);
/** In images that begin with 0 the other runtime has 1/4 more for class 0, which then leads. */
const native: Logit = (pixels, k) =>
  reference(pixels, k) + (k === 0 && pixels[0] === 0 ? 1 / 4 : 0);

/** A checkpoint of a net, on 2,000 training examples with random labels. */
function checkpointOf(net: "mlp-1x512" | "alexnet"): Checkpoint {
  const id = `${net}.random-labels`;
  const recipe = RECIPES[id] as TrainingRecipe;
  const view = { ...recipe.view, examples: 2_000 };
  return { id, recipe: { ...recipe, view }, model: { sha256: "0".repeat(64) } } as Checkpoint;
}

test("the reference decides, and the margins say where the other may not follow", async () => {
  const checkpoint = checkpointOf("mlp-1x512");
  const runtimes = [runtime("native", native), runtime("wasm", reference)] as const;
  const { fixture, predictions } = await publish(
    dataset,
    checkpoint,
    new Uint8Array(),
    ...runtimes,
    "w",
  );
  for (const [split, size] of [
    ["train", 2_000],
    ["test", 10_000],
  ] as const) {
    const { images } = await readExamples(dataset, split, 0, size);
    const firsts = Array.from({ length: size }, (_, i) => images[i * IMAGE_BYTES]);
    const thin = firsts.flatMap((first, i) => (first === 0 ? [i] : []));
    assert.ok(thin.length > 0);
    const { margin, ...published } = fixture.splits[split];
    const ones = new Uint8Array(size).fill(1); // of native, those in `thin` would be 0
    assert.equal(predictions[split], ones);
    const { labels, given } = await readLabels(dataset, checkpoint.recipe.view, split, 0, size);
    // A margin of 1/8 is at most twice 1/4, the next is 5/8; from a first byte of 6 it is 3 and more.
    const confident = firsts.filter((first = 0, i) => first >= 6 && given[i] !== 1).length;
    const fragile = { min: 1 / 8, deviation: 1 / 4, fragile: thin };
    assert.equal(margin, { ...fragile, confidentMisses: confident });
    assert.is(published.total, size);
    assert.is(published.correct, hits(ones, given));
    if (split === "train") assert.is(fixture.splits.train.correctOnTrueLabels, hits(ones, labels));
    assert.is(published.predictions.sha256, await sha256Hex(ones));
    const logits = Float32Array.from({ length: size * 10 }, (_, at) =>
      reference(images.subarray(Math.floor(at / 10) * IMAGE_BYTES), at % 10),
    );
    assert.equal(predict(logits), ones);
    for (const [k, { start, end, logitsSha256 }] of published.reference.entries()) {
      assert.equal([start, end], [k * 1_000, k * 1_000 + 1_000]);
      assert.is(logitsSha256, await logitsDigest(logits.slice(start * 10, end * 10)));
    }
    assert.is(published.reference.length, size / 1_000);
    assert.is(published.shards.length, size / 1_000);
  }
  assert.equal(fixture.runtime.native, { package: "onnxruntime-native", version: "0.0.0" });
});

test("runtimes that agree leave nothing fragile, a larger deviation elsewhere counts", async () => {
  const brightest: Logit = (pixels, k) => reference(pixels, k) - (pixels[0] === 255 ? 1 / 32 : 0);
  const { fixture } = await publish(
    dataset,
    checkpointOf("alexnet"),
    new Uint8Array(),
    runtime("native", brightest),
    runtime("wasm", reference),
    "w",
  );
  for (const { margin } of Object.values(fixture.splits)) {
    assert.is(margin.min, 1 / 8);
    assert.is(margin.deviation, 1 / 32);
    assert.equal(margin.fragile, []);
  }
});

test("a reference that ends within a shard covers that shard whole", async () => {
  const checkpoint = checkpointOf("alexnet");
  const { fixture, predictions } = await publish(
    dataset,
    checkpoint,
    new Uint8Array(),
    runtime("native", native),
    runtime("wasm", reference),
    "w",
    () => {},
    1_500,
  );
  const { reference: covered, shards, correct } = fixture.splits.test;
  const ranges = (all: { start: number; end: number }[]) => all.map((s) => [s.start, s.end]);
  const thousands = Array.from({ length: 10 }, (_, k) => [k * 1_000, k * 1_000 + 1_000]);
  assert.equal(ranges(covered), thousands.slice(0, 2));
  assert.equal(ranges(shards), thousands);
  assert.equal(predictions.test.subarray(0, 2_000), new Uint8Array(2_000).fill(1));
  assert.ok(predictions.test.subarray(2_000).includes(0)); // native's
  const { given } = await readLabels(dataset, checkpoint.recipe.view, "test", 0, 10_000);
  assert.is(correct, hits(predictions.test, given));
});

test.run();
