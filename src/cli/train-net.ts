/** Trains a net by its recipe, saves its state as it goes and goes on from it after a kill. */
import { readFile, rm } from "node:fs/promises";
import { SingleBar } from "cli-progress";
import { InputError } from "../datasets/storage.ts";
import { parameterCount } from "../nets/net.ts";
import { NETS } from "../nets/registry.ts";
import { exportNet } from "../onnx/net.ts";
import type { TrainingRecipe } from "../recipe.ts";
import { openBackend } from "../training/backend.ts";
import { readTrainingSet } from "../training/batches.ts";
import type { Epoch } from "../history.ts";
import { initialState } from "../training/initialize.ts";
import { decodeTraining, encodeTraining, type SavedTraining } from "../training/saved-state.ts";
import { batchSizes, train } from "../training/train.ts";
import { openDataset } from "./dataset.ts";
import { writeWhole } from "./folder.ts";
import { type Made, statePath, type TrainOptions } from "./train.ts";

/** Seconds between saves; a kill loses at most that and one epoch. */
const SAVE_EVERY = 30;

/** @throws InputError if there is a file that cannot be read: to train anew would overwrite it. */
async function readSaved(path: string): Promise<SavedTraining | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new InputError(`cannot read ${path} (${error.code}); mend that, or delete it`);
  });
  return bytes && decodeTraining(new Uint8Array(bytes));
}

function line(id: string, of: number, { epoch, loss, accuracy, seconds }: Epoch): string {
  return `${id} epoch ${epoch}/${of} loss ${loss.toFixed(4)} accuracy ${(100 * accuracy).toFixed(2)} % ${seconds.toFixed(1)} s`;
}

/** @throws InputError if a saved state is of another recipe, machine or library. */
export async function trainNet(
  recipe: TrainingRecipe,
  metadata: { id: string; recipeDigest: string },
  commit: string,
  options: TrainOptions,
): Promise<Made> {
  const { id, recipeDigest } = metadata;
  const backend = await openBackend(options.backend);
  const { version, name, device, threads, environment } = backend;
  const switches = Object.entries(environment).map((pair) => pair.join("="));
  const computedWith = [version, name, device, `${threads} threads`, ...switches].join(", ");
  const path = statePath(id);
  if (options.restart) await rm(path, { force: true });
  const saved = await readSaved(path);
  if (saved && (saved.recipeDigest !== recipeDigest || saved.computedWith !== computedWith)) {
    throw new InputError(
      `${path} was saved by another recipe or machine (${saved.computedWith}); use --restart to begin anew`,
    );
  }
  const history = saved?.history ?? [];
  const commits = [...new Set([...(saved?.commits ?? []), commit])];
  if (saved) console.error(`going on after epoch ${history.length} of ${recipe.epochs}`);

  const net = NETS[recipe.net];
  const set = await readTrainingSet(await openDataset(), recipe);
  const stepper = await backend.open(
    net,
    saved?.state ?? initialState(net, recipe.seed),
    batchSizes(recipe, set.labels.length),
    { momentum: recipe.optimizer.momentum, weightDecay: recipe.regularizers.weightDecay },
  );
  const bar = new SingleBar({
    format: `${id} {bar} epoch {epoch}/${recipe.epochs} {value}/{total} loss {loss} {eta_formatted} left`,
    stream: process.stderr,
    etaBuffer: 200,
  });
  const tty = process.stderr.isTTY;
  const stepsPerEpoch = Math.ceil(set.labels.length / recipe.batchSize);
  let taken = history.length * stepsPerEpoch;
  let lastSave = Date.now();
  if (tty) bar.start(recipe.epochs * stepsPerEpoch, taken, { loss: "", epoch: history.length + 1 });
  try {
    const onStep = (_: number, __: number, loss: number) => {
      taken++;
      if (tty) bar.update(taken, { loss: loss.toFixed(4) });
    };
    for await (const epoch of train(recipe, set, stepper, history.length, onStep)) {
      history.push(epoch);
      if (tty) bar.update({ epoch: Math.min(epoch.epoch + 1, recipe.epochs) });
      else console.error(line(id, recipe.epochs, epoch));
      if (Date.now() - lastSave > SAVE_EVERY * 1000 || history.length === recipe.epochs) {
        const state = await stepper.read();
        await writeWhole(
          path,
          encodeTraining({ recipeDigest, computedWith, commits, history, state }),
        );
        lastSave = Date.now();
      }
    }
  } finally {
    bar.stop();
  }
  const state = await stepper.read();
  stepper.dispose();
  return {
    model: exportNet(net, state, metadata),
    parameters: parameterCount(net),
    history,
    commits,
    trained: {
      backend: name,
      version,
      device,
      threads,
      environment,
      seconds: Math.round(history.reduce((sum, { seconds }) => sum + seconds, 0) * 10) / 10,
    },
  };
}
