/** Every kind of recipe trains: one step on a few images from its own view, with its own regularizers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../src/local/dataset.ts";
import { NETS } from "../src/nets/registry.ts";
import { canonicalDigest, type TrainingRecipe } from "../src/recipe.ts";
import { RECIPES } from "../src/recipes.ts";
import { regularized } from "../src/regularizers.ts";
import { readTrainingSet } from "../src/training/batches.ts";
import type { Epoch } from "../src/history.ts";
import { startOf, stepOptions, train } from "../src/training/train.ts";
import { tensorflowOrSkip } from "./training/available.ts";

const trained = Object.entries(RECIPES).filter(([, recipe]) => recipe.kind === "training");

test("no two recipes are the same", async () => {
  const digests = await Promise.all(Object.values(RECIPES).map(canonicalDigest));
  assert.is(new Set(digests).size, Object.keys(RECIPES).length);
});

test("an id says what its recipe does", () => {
  const of = (id: string) => RECIPES[id] as TrainingRecipe;
  const alexnet = of("alexnet.true.crop-wd-4e-3-hidden");
  assert.equal(alexnet.regularizers, {
    weightDecay: 0.004,
    crop: true,
    decayedLayers: ["hidden1", "hidden2"],
  });
  assert.is(alexnet.epochs, of("alexnet.true").epochs);
  const inception = of("inception.true.crop-wd-4e-5");
  assert.equal(inception.regularizers, { weightDecay: 4e-5, crop: true });
  assert.is(inception.epochs, 64);
  const he = of("inception-nobn.true.he-lr-5e-2-wd-4e-5");
  assert.is(he.initialization, "he");
  assert.is(he.optimizer.learningRate, 0.05);
  assert.is(of("inception-nobn.random-labels.he").optimizer.learningRate, 0.1);
  const seeded = of("alexnet.random-labels.seed-2");
  assert.equal(
    [seeded.seed, seeded.view.labels],
    [2, { kind: "corrupted", fraction: "1/1", seed: 2 }],
  );
});

test("an id that means nothing is no recipe", () => {
  for (const name of ["wd-1e-9", "cropped", "wd-crop"])
    assert.throws(() => regularized(name), name);
});

/** Seeds and rates apart, one of each net with its regularizers and first weights, one of each view. */
function oneOfEach(recipes: [string, TrainingRecipe][]): [string, TrainingRecipe][] {
  const seen = new Set<string>();
  return recipes.filter(([id, { net, regularizers, initialization, view }]) => {
    if (/seed-|lr-/.test(id)) return false;
    const before = seen.size;
    for (const what of [[net, regularizers, initialization], view]) seen.add(JSON.stringify(what));
    return seen.size > before;
  });
}

test("Inception fits random labels under crops at a decay of its own, as in the paper's Appendix E", () => {
  for (const [id, { optimizer, epochs }] of trained as [string, TrainingRecipe][]) {
    const slow = id === "inception.random-labels.crop";
    assert.is(optimizer.decayPerEpoch, slow ? 0.999 : 0.95, id);
    if (slow) assert.is(epochs, 100);
  }
});

const dataset = await openDataset();
const backend = await tensorflowOrSkip("one step of every kind of recipe");

if (backend) {
  for (const [id, base] of oneOfEach(trained as [string, TrainingRecipe][])) {
    test(`${id} trains`, async () => {
      const recipe = { ...base, epochs: 1, batchSize: 4, view: { ...base.view, examples: 4 } };
      const net = NETS[recipe.net];
      const set = await readTrainingSet(dataset, recipe);
      const stepper = await backend.open(net, startOf(recipe), [4], stepOptions(recipe));
      const epochs: Epoch[] = [];
      for await (const epoch of train(recipe, set, stepper)) epochs.push(epoch);
      stepper.dispose();
      // Untrained, a net guesses: ln 10 = 2.30, give or take what its initial weights make of four images.
      assert.is(epochs.length, 1);
      // He's are larger, and so are its first logits.
      const off = recipe.initialization === "he" ? 5 : 1.5;
      assert.ok(Math.abs((epochs[0] as Epoch).loss - Math.log(10)) < off, `${epochs[0]?.loss}`);
    });
  }
}

test.run();
