/** Every recipe trains: one step on a few images from its own view, with its own regularizers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../src/local/dataset.ts";
import { NETS } from "../src/nets/registry.ts";
import { canonicalDigest, type TrainingRecipe } from "../src/recipe.ts";
import { RECIPES } from "../src/recipes.ts";
import { readTrainingSet } from "../src/training/batches.ts";
import type { Epoch } from "../src/history.ts";
import { initialState } from "../src/training/initialize.ts";
import { train } from "../src/training/train.ts";
import { tensorflowOrSkip } from "./training/available.ts";

const trained = Object.entries(RECIPES).filter(([, recipe]) => recipe.kind === "training");

test("39 recipes train a net, one constructs it, and no two are the same", async () => {
  assert.is(trained.length, 39); // 12 MLPs, 10 AlexNets, 14 + 3 Inceptions
  assert.is(Object.keys(RECIPES).length, 40);
  const digests = await Promise.all(Object.values(RECIPES).map(canonicalDigest));
  assert.is(new Set(digests).size, 40);
});

test("Inception fits random labels under crops at a decay of its own, as in the paper's Appendix E", () => {
  for (const [id, { optimizer, epochs }] of trained as [string, TrainingRecipe][]) {
    const slow = id === "inception.random-labels.crop";
    assert.is(optimizer.decayPerEpoch, slow ? 0.999 : 0.95, id);
    if (slow) assert.is(epochs, 100);
  }
});

const dataset = await openDataset();
const backend = await tensorflowOrSkip("one step of every recipe");

if (backend) {
  for (const [id, base] of trained as [string, TrainingRecipe][]) {
    test(`${id} trains`, async () => {
      const recipe = { ...base, epochs: 1, batchSize: 4, view: { ...base.view, examples: 4 } };
      const net = NETS[recipe.net];
      const set = await readTrainingSet(dataset, recipe);
      const stepper = await backend.open(net, initialState(net, recipe.seed), [4], {
        momentum: recipe.optimizer.momentum,
        weightDecay: recipe.regularizers.weightDecay,
      });
      const epochs: Epoch[] = [];
      for await (const epoch of train(recipe, set, stepper)) epochs.push(epoch);
      stepper.dispose();
      // Untrained, a net guesses: ln 10 = 2.30, give or take what its initial weights make of four images.
      assert.is(epochs.length, 1);
      assert.ok(Math.abs((epochs[0] as Epoch).loss - Math.log(10)) < 1.5, `${epochs[0]?.loss}`);
    });
  }
}

test.run();
