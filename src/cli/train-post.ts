/** What a worker does with a training: goes on from what it saved, and gives it back when it stops. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { MachineFault } from "../datasets/storage.ts";
import { canonicalDigest } from "../recipe.ts";
import { CACHE, openDataset } from "../local/dataset.ts";
import type { Machine } from "../queue/answer.ts";
import type { Connection } from "../queue/connection.ts";
import { ofMachine } from "../queue/faults.ts";
import { readTraining } from "../queue/jobs.ts";
import { openParts } from "../queue/parts.ts";
import { trainingAnswer } from "../queue/training.ts";
import type { Post } from "../queue/worker.ts";
import { BACKENDS } from "../training/backend-name.ts";
import { makeCheckpoint, withTensorFlow } from "./make-checkpoint.ts";

/** A step holds the thread for seconds, and a new graph for longer. */
const PATIENCE = 120;

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
      // What is begun anew is another job here, and so is what is made to be compared.
      const digest = await canonicalDigest(job);
      const statePath = join(CACHE, "training", `${job.checkpoint}.${digest.slice(0, 16)}.state`);
      // A kernel's factor is kept by what it is of, whichever job began it.
      const restart = job.recipe.kind === "kernel" && job.anew !== undefined;
      const options = { backend, signal, restart, hits: job.hits };
      const files = await makeCheckpoint(job.checkpoint, job.recipe, options, statePath);
      const answer = await trainingAnswer(files, machine, parts);
      await rm(statePath, { force: true });
      return answer;
    },
  };
}
