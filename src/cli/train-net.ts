/** Trains a net by its recipe, saves its state as it goes and goes on from it after a kill. */
import { readFile, rm } from "node:fs/promises";
import { SingleBar } from "cli-progress";
import { InputError } from "../datasets/storage.ts";
import type { Stretch } from "../evaluation/checkpoint.ts";
import { differencesBetween } from "../evaluation/made-with.ts";
import { parameterCount } from "../nets/net.ts";
import { NETS } from "../nets/registry.ts";
import { exportNet } from "../onnx/net.ts";
import { endsWith, type TrainingRecipe } from "../recipe.ts";
import { openBackend } from "../training/backend.ts";
import { readTrainingSet } from "../training/batches.ts";
import type { Epoch } from "../history.ts";
import {
  decodeTraining,
  encodeTraining,
  SavedStateError,
  type SavedTraining,
} from "../training/saved-state.ts";
import type { State } from "../training/stepper.ts";
import { batchSizes, startOf, stepOptions, train } from "../training/train.ts";
import { openDataset } from "../local/dataset.ts";
import { writeWhole } from "../local/folder.ts";
import { hitsAfterEpochs } from "./epoch-hits.ts";
import type { Made, TrainOptions } from "./made.ts";
import { printError } from "../print.ts";

/** @throws InputError if there is a file that cannot be read, or is damaged: to train anew would overwrite it. */
async function readSaved(path: string): Promise<SavedTraining | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new InputError(`cannot read ${path} (${error.code}); mend that, or delete it`);
  });
  return bytes && (await decodeTraining(new Uint8Array(bytes), path));
}

/**
 * The stretches of a saved training that were computed with something else than what goes on.
 *
 * @param mixed whether there may be such; undefined where nobody can choose
 * @throws SavedStateError if the training is of another recipe, or there is one that may not be.
 */
function stretchesBefore(
  { recipeDigest, computedWith, before, history }: SavedTraining,
  now: Pick<SavedTraining, "recipeDigest" | "computedWith">,
  mixed: boolean | undefined,
  path: string,
): Stretch[] {
  const anew = `--restart begins anew and loses its ${history.length} epochs`;
  if (recipeDigest !== now.recipeDigest)
    throw new SavedStateError(`${path} is of another form of the recipe`, anew);
  const differences = differencesBetween(computedWith, now.computedWith);
  if (differences.length === 0) return before;
  if (!mixed)
    throw new SavedStateError(
      `${path} was computed with something else: ${differences.join(", ")}`,
      `go on with the same${mixed === undefined ? "" : " or with --mixed"}, or ${anew}`,
    );
  const epochs = before.reduce((rest, stretch) => rest - stretch.epochs, history.length);
  return [...before, { ...computedWith, epochs }];
}

function line(id: string, of: number, { epoch, loss, accuracy, seconds }: Epoch): string {
  return `${id} epoch ${epoch}/${of} loss ${loss.toFixed(4)} accuracy ${(100 * accuracy).toFixed(2)} % ${seconds.toFixed(1)} s`;
}

/**
 * @param statePath where it is saved as it goes
 * @param saveEvery seconds between saves; a kill loses at most that and one epoch
 * @throws SavedStateError if what is saved is damaged, of another recipe or, without `mixed`, of
 *   another machine or library; InputError if the recipe diverges.
 */
export async function trainNet(
  recipe: TrainingRecipe,
  metadata: { id: string; recipeDigest: string },
  commit: string,
  options: TrainOptions,
  statePath: string,
  saveEvery = 30,
): Promise<Made> {
  const { id, recipeDigest } = metadata;
  const backend = await openBackend(options.backend);
  const { computedWith } = backend;
  const { restart = false, mixed } = options;
  const saved = restart ? undefined : await readSaved(statePath);
  const now = { recipeDigest, computedWith };
  const before = saved ? stretchesBefore(saved, now, mixed, statePath) : [];
  const history = saved?.history ?? [];
  const commits = [...new Set([...(saved?.commits ?? []), commit])];
  printError(`training ${id} with ${computedWith.version} on ${computedWith.device}`);
  if (saved) printError(`going on after epoch ${history.length} of ${recipe.epochs}`);

  const net = NETS[recipe.net];
  const dataset = await openDataset();
  const set = await readTrainingSet(dataset, recipe);
  const observe = options.hits === false ? undefined : await hitsAfterEpochs(dataset, recipe, set);
  const stepper = await backend.open(
    net,
    saved?.state ?? startOf(recipe),
    batchSizes(recipe, set.labels.length),
    stepOptions(recipe),
  );
  if (restart) await rm(statePath, { force: true }); // or a kill would bring it back
  const bar = new SingleBar({
    format: `${id} {bar} epoch {epoch}/${recipe.epochs} {value}/{total} loss {loss} {eta_formatted} left`,
    stream: process.stderr,
    etaBuffer: 200,
  });
  const tty = process.stderr.isTTY;
  const stepsPerEpoch = Math.ceil(set.labels.length / recipe.batchSize);
  let taken = history.length * stepsPerEpoch;
  let lastSave = Date.now();
  let lastPause = lastSave;
  if (tty) bar.start(recipe.epochs * stepsPerEpoch, taken, { loss: "", epoch: history.length + 1 });
  /** What cannot be saved is said, and costs no more: the training is worth more than its state. */
  async function save(state: State, otherwise: string): Promise<void> {
    const training = { ...now, before, commits, history, state };
    try {
      await writeWhole(statePath, await encodeTraining(training));
      lastSave = Date.now();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      printError(`${error.message}; ${otherwise}`);
    }
  }
  let state: Awaited<ReturnType<typeof stepper.read>>;
  try {
    const onStep = async (_: number, __: number, loss: number) => {
      taken++;
      if (tty) bar.update(taken, { loss: loss.toFixed(4) });
      if (Date.now() - lastPause < 1000) return;
      await new Promise((resolve) => setImmediate(resolve)); // others have their turn: signals, a queue
      lastPause = Date.now();
    };
    for await (const epoch of train(recipe, set, stepper, history.at(-1), onStep)) {
      const hits = observe && (await observe(exportNet(net, await stepper.read(), metadata)));
      history.push({ ...epoch, ...(hits && { hits }) });
      if (Date.now() - lastSave >= saveEvery * 1000 && !endsWith(recipe, epoch))
        await save(await stepper.read(), "training goes on, and saves again after the next epoch");
      if (tty) bar.update({ epoch: Math.min(epoch.epoch + 1, recipe.epochs) });
      else printError(line(id, recipe.epochs, epoch));
      if (options.signal?.aborted && !endsWith(recipe, epoch)) {
        await save(await stepper.read(), "its last epochs are lost");
        throw options.signal.reason;
      }
    }
    state = await stepper.read();
  } finally {
    bar.stop();
    stepper.dispose();
  }
  // The last step's loss was computed before its update.
  if (![...state.values()].every((values) => values.every(Number.isFinite)))
    throw new InputError(`${id} has weights that are no numbers: this recipe diverges here`);
  await save(state, "the model is written all the same");
  return {
    model: exportNet(net, state, metadata),
    parameters: parameterCount(net),
    history,
    commits,
    trained: {
      ...computedWith,
      ...(before.length > 0 ? { before } : {}),
      seconds: Math.round(history.reduce((sum, { seconds }) => sum + seconds, 0) * 10) / 10,
    },
  };
}
