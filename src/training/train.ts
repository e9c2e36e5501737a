/** The training loop (paper, Appendix A): a recipe and a training set, epoch by epoch. */
import { InputError } from "../datasets/storage.ts";
import { endsWith, type TrainingRecipe } from "../recipe.ts";
import { NETS } from "../nets/registry.ts";
import { type Batch, batches, type TrainingSet } from "./batches.ts";
import type { Epoch } from "../history.ts";
import { initialState } from "./initialize.ts";
import type { State, StepOptions, Stepper } from "./stepper.ts";

const PARTS = 10;

/** What a step needs of a recipe. */
export function stepOptions({ optimizer, regularizers }: TrainingRecipe): StepOptions {
  const { weightDecay, decayedLayers } = regularizers;
  return { momentum: optimizer.momentum, weightDecay, decayedLayers };
}

/** Where a recipe starts. */
export function startOf({ net, seed, initialization }: TrainingRecipe): State {
  return initialState(NETS[net], seed, initialization);
}

/** The sizes of an epoch's batches: the recipe's and, where examples are left over, the rest. */
export function batchSizes({ batchSize }: TrainingRecipe, examples: number): number[] {
  return [Math.min(batchSize, examples), examples % batchSize].filter(
    (n, k, all) => n > 0 && all.indexOf(n) === k,
  );
}

/** Told of each step; training waits for it. */
type OnStep = (done: number, of: number, loss: number) => void | Promise<void>;

/** @throws InputError if the loss stops being a number, which no later step mends. */
async function runEpoch(
  recipe: TrainingRecipe,
  set: TrainingSet,
  stepper: Stepper,
  epoch: number,
  onStep: OnStep,
): Promise<Epoch> {
  const started = performance.now();
  const examples = set.labels.length;
  const stepsPerEpoch = Math.ceil(examples / recipe.batchSize);
  const { learningRate: initial, decayPerEpoch } = recipe.optimizer;
  const learningRate = initial * decayPerEpoch ** epoch;
  const parts = Array.from({ length: PARTS }, () => ({ sum: 0, examples: 0 }));
  let correct = 0;
  let step = 0;
  for (const batch of batches(set, recipe, epoch) as Iterable<Batch>) {
    const n = batch.labels.length / 10;
    const result = await stepper.step(batch.images, batch.labels, learningRate);
    if (!Number.isFinite(result.loss)) {
      throw new InputError(
        `the loss is ${result.loss} in step ${step} of epoch ${epoch + 1}: this recipe diverges here`,
      );
    }
    const part = parts[Math.floor((step * PARTS) / stepsPerEpoch)] as (typeof parts)[number];
    part.sum += result.loss * n;
    part.examples += n;
    correct += result.correct;
    step++;
    await onStep(step, stepsPerEpoch, result.loss);
  }
  return {
    epoch: epoch + 1,
    steps: (epoch + 1) * stepsPerEpoch,
    learningRate,
    loss: parts.reduce((sum, part) => sum + part.sum, 0) / examples,
    accuracy: correct / examples,
    losses: parts.filter((p) => p.examples > 0).map((p) => p.sum / p.examples),
    seconds: Math.round(performance.now() - started) / 1000,
  };
}

/**
 * Runs the recipe's epochs from the first, or from the one after `last`, until
 * one ends the training, and yields each as it is done.
 */
export async function* train(
  recipe: TrainingRecipe,
  set: TrainingSet,
  stepper: Stepper,
  last?: Epoch,
  onStep: OnStep = () => {},
): AsyncGenerator<Epoch> {
  while (!endsWith(recipe, last)) {
    last = await runEpoch(recipe, set, stepper, last?.epoch ?? 0, onStep);
    yield last;
  }
}
