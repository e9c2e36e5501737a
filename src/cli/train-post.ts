/** What a worker does with a training: goes on from what it saved, and gives it back when it stops. */
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { MachineFault } from "../datasets/storage.ts";
import { printError } from "../print.ts";
import { canonicalDigest } from "../recipe.ts";
import { CACHE, openDataset } from "../local/dataset.ts";
import type { Machine } from "../queue/answer.ts";
import type { Connection } from "../queue/connection.ts";
import { ofMachine } from "../queue/faults.ts";
import { readTraining, type TrainingJob } from "../queue/jobs.ts";
import { openParts } from "../queue/parts.ts";
import { type CheckpointFiles, trainingAnswer } from "../queue/training.ts";
import type { Post } from "../queue/worker.ts";
import { BACKENDS } from "../training/backend-name.ts";
import { SavedStateError } from "../training/saved-state.ts";
import type { TrainOptions } from "./made.ts";
import { makeCheckpoint, withTensorFlow } from "./make-checkpoint.ts";

/** A step holds the thread for seconds, and a new graph for longer. */
const PATIENCE = 120;

/** Begins anew, and says so, where this machine saved what cannot be gone on from; that is kept beside. */
async function madeOrAnew(
  { checkpoint, recipe }: TrainingJob,
  options: TrainOptions,
  statePath: string,
): Promise<CheckpointFiles> {
  const make = () => makeCheckpoint(checkpoint, recipe, options, statePath);
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof SavedStateError)) throw error;
    const aside = `${statePath}.aside`;
    await rename(statePath, aside);
    printError(`${checkpoint} begins anew here: ${error.fault}; what was saved is in ${aside} now`);
    return await make();
  }
}

export function trainPost(connection: Connection, machine: Machine): Post & { stop(): void } {
  const parts = openParts(connection);
  return {
    queue: "train",
    concurrency: 1, // a training takes all cores
    patience: PATIENCE,
    stop: () => parts.close(),
    async work(data, signal) {
      const job = readTraining(data);
      const backend = BACKENDS.find((name) => name === job.backend);
      if (!backend) throw new MachineFault(`this machine knows no backend called ${job.backend}`);
      await ofMachine(openDataset());
      if (job.recipe.kind === "training") {
        const code = withTensorFlow(import("../training/backend.ts"));
        const { openBackend } = await ofMachine(code);
        await ofMachine(openBackend(backend));
      }
      // What is begun anew is another job here, and so is what is made to be compared: neither goes
      // on from what others left, a kernel's factor included.
      const name = (await canonicalDigest(job)).slice(0, 16);
      const isAlone = job.anew !== undefined || job.again === true;
      const folder = isAlone ? join(CACHE, "training", name) : join(CACHE, "training");
      const statePath = join(folder, `${job.checkpoint}.${name}.state`);
      const files = await madeOrAnew(job, { backend, signal, hits: job.hits }, statePath);
      const answer = await trainingAnswer(files, machine, parts);
      await rm(isAlone ? folder : statePath, { recursive: true, force: true });
      return answer;
    },
  };
}
