/** The traced graph against the same step op by op: the same numbers to the last bit, for every net. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../../src/local/dataset.ts";
import { NETS } from "../../src/nets/registry.ts";
import type { TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";
import { type Batch, batches, readTrainingSet } from "../../src/training/batches.ts";
import { eagerStepper } from "../../src/training/eager.ts";
import { initialState } from "../../src/training/initialize.ts";
import { batchSizes, stepOptions } from "../../src/training/train.ts";
import { tensorflowOrSkip } from "./available.ts";

const backend = await tensorflowOrSkip("the traced graph against op by op");
const dataset = await openDataset();

if (backend) {
  for (const [name, net] of Object.entries(NETS)) {
    test(`${name}: graph and eager steps give the same bits`, async () => {
      const base = RECIPES[`${name}.true.wd`] as TrainingRecipe;
      const recipe = { ...base, batchSize: 12, view: { ...base.view, examples: 40 } };
      const set = await readTrainingSet(dataset, recipe);
      const options = stepOptions(recipe);
      const state = initialState(net, 0);
      const sizes = batchSizes(recipe, 40);
      assert.equal(sizes, [12, 4]); // 40 = 3 · 12 + 4
      const graph = await backend.open(net, state, sizes, options);
      const eager = eagerStepper(net, state, options);
      for (const { images, labels } of batches(set, recipe, 0) as Iterable<Batch>) {
        assert.equal(
          await graph.step(images, labels, 0.05),
          await eager.step(images, labels, 0.05),
        );
      }
      const [traced, direct] = [await graph.read(), await eager.read()];
      assert.equal([...traced.keys()].sort(), [...direct.keys()].sort());
      for (const [key, values] of direct) {
        assert.equal(
          new Uint8Array((traced.get(key) as Float32Array).buffer as ArrayBuffer),
          new Uint8Array(values.buffer),
          key,
        );
        assert.not.equal(values, state.get(key), `${key} was not trained`);
      }
      graph.dispose();
      eager.dispose();
    });
  }
}

test.run();
