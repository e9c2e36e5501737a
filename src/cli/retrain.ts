/** `retrain <id>`: makes a checkpoint again by its recipe, and compares the bytes with what is published. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError, MismatchError } from "../datasets/storage.ts";
import type { Checkpoint } from "../evaluation/checkpoint.ts";
import { differencesBetween } from "../evaluation/made-with.ts";
import { publishedIds, readCheckpoint } from "../evaluation/published.ts";
import { CACHE } from "../local/dataset.ts";
import { project, publishedId } from "../local/project.ts";
import type { TrainOptions } from "./made.ts";
import { makeCheckpoint } from "./make-checkpoint.ts";
import type { CheckpointFiles } from "../queue/training.ts";
import type { Recipe } from "../recipe.ts";
import { print } from "../print.ts";
import { trainingJob } from "./training-job.ts";

type Made = Pick<Checkpoint, "model" | "trained">;

/** Why the bytes may be others, as far as it can be told. */
function reasons(published: Checkpoint, made: Made): string {
  const differences = differencesBetween(published.trained, made.trained);
  if (published.trained.before) differences.push("its first epochs were computed elsewhere");
  const [then, now] = [published.trained.sourceCommit, made.trained.sourceCommit];
  if (differences.length > 0) return differences.join("; ");
  return `no switch, library or device that is recorded; the source is ${now}, not ${then}`;
}

async function madeHere(id: string, recipe: Recipe, options: TrainOptions) {
  const folder = join(CACHE, "retraining", id);
  const made = await makeCheckpoint(id, recipe, options, join(folder, "state"));
  await rm(folder, { recursive: true, force: true });
  return made;
}

/** By a worker of a queue; one that a stopped retraining waited for goes on, or has the answer. */
async function madeThere(queue: URL, id: string, recipe: Recipe, options: TrainOptions) {
  const { connect } = await import("../queue/connection.ts");
  const { trainByWorkers } = await import("../queue/training.ts");
  const job = { ...trainingJob(id, recipe, options), again: true as const };
  const made: CheckpointFiles[] = [];
  await trainByWorkers(await connect(queue), [job], async (files) => void made.push(files));
  return made[0] as CheckpointFiles;
}

/**
 * Trains from the start, or goes on where a retraining was stopped; nothing published is touched.
 * @throws MismatchError if model.onnx is another, with what differs here
 */
export async function retrain(
  name: string,
  { queue, ...options }: TrainOptions & { queue?: URL },
): Promise<void> {
  const id = publishedId(name, await publishedIds(project));
  const published = await readCheckpoint(project, id);
  const { recipe } = published;
  if (recipe.kind === "given") throw new InputError(`${id} was made elsewhere, by no recipe`);
  const { checkpoint, model } = queue
    ? await madeThere(queue, id, recipe, options)
    : await madeHere(id, recipe, options);
  const { sha256 } = checkpoint.model;
  if (sha256 !== published.model.sha256)
    throw new MismatchError(
      `${id} trained again has SHA-256 ${sha256}, not the published ${published.model.sha256}; what differs here: ${reasons(published, checkpoint)}`,
    );
  print(
    `${id} trained again: model.onnx has the published SHA-256 ${sha256}, ${model.length} bytes`,
  );
}
