/**
 * Training speed for each net on each backend that is present: images a
 * second, the share of the time outside the backend's step (reading, shuffling,
 * standardizing), and on TensorFlow the traced graph against op by op.
 */
import { performance } from "node:perf_hooks";
import { openDataset } from "../../src/local/dataset.ts";
import { InputError } from "../../src/datasets/storage.ts";
import { NETS } from "../../src/nets/registry.ts";
import type { TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";
import { openBackend } from "../../src/training/backend.ts";
import type { BackendName } from "../../src/training/backend-name.ts";
import { readTrainingSet, type TrainingSet } from "../../src/training/batches.ts";
import { eagerStepper } from "../../src/training/eager.ts";
import type { Stepper } from "../../src/training/stepper.ts";
import { startOf, stepOptions, train } from "../../src/training/train.ts";

const STEPS: Record<string, number> = {
  "mlp-1x512": 40,
  "mlp-3x512": 30,
  alexnet: 5,
  inception: 2,
  "inception-nobn": 2,
};

/** Milliseconds of an epoch of a few steps, and of them inside the backend, after one to warm up. */
async function time(recipe: TrainingRecipe, set: TrainingSet, stepper: Stepper) {
  let inside = 0;
  const timed: Stepper = {
    ...stepper,
    async step(images, labels, learningRate) {
      const started = performance.now();
      const result = await stepper.step(images, labels, learningRate);
      inside += performance.now() - started;
      return result;
    },
  };
  for await (const _ of train({ ...recipe, epochs: 1 }, set, stepper));
  const started = performance.now();
  for await (const _ of train({ ...recipe, epochs: 1 }, set, timed));
  stepper.dispose();
  return { whole: performance.now() - started, inside };
}

async function benchBackend(name: BackendName): Promise<void> {
  const backend = await openBackend(name);
  const dataset = await openDataset();
  for (const [netName, net] of Object.entries(NETS)) {
    const base = RECIPES[`${netName}.true`] as TrainingRecipe;
    const examples = base.batchSize * (STEPS[netName] as number);
    const recipe = { ...base, view: { ...base.view, examples } };
    const set = await readTrainingSet(dataset, recipe);
    const state = startOf(recipe);
    const stepper = await backend.open(net, state, [recipe.batchSize], stepOptions(recipe));
    const { whole, inside } = await time(recipe, set, stepper);
    const figures = [
      `${Math.round((examples * 1000) / whole)} images/s`,
      `${(100 * (1 - inside / whole)).toFixed(1)} % outside the step`,
    ];
    if (name === "tensorflow") {
      const eager = await time(recipe, set, eagerStepper(net, state, stepOptions(recipe)));
      figures.push(`graph / eager ${(eager.whole / whole).toFixed(2)}`);
    }
    console.log(`${netName} on ${name}: ${figures.join(", ")}`);
  }
}

export async function benchTraining(): Promise<void> {
  for (const name of ["tensorflow", "webgpu"] as const) {
    try {
      await benchBackend(name);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      console.log(`${name}: not measured: ${error.message}`);
    }
  }
}
