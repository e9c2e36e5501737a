/** `train <id>`: makes a checkpoint by its recipe. Theorem 1's is constructed, the others are trained. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Recipe } from "../recipe.ts";
import { RECIPES } from "../recipes.ts";
import { CACHE } from "../local/dataset.ts";
import { known } from "../local/project.ts";
import type { TrainOptions } from "./made.ts";
import { checkCheckpointWritable, makeCheckpoint, writeCheckpoint } from "./make-checkpoint.ts";
import { trainingJob } from "./training-job.ts";

/** Has a queue's workers train, and writes what they made. */
async function trainThere(queue: URL, ids: string[], options: TrainOptions): Promise<void> {
  const { connect } = await import("../queue/connection.ts");
  const { trainByWorkers } = await import("../queue/training.ts");
  const jobs = ids.map((id) => trainingJob(id, RECIPES[id] as Recipe, options));
  await trainByWorkers(await connect(queue), jobs, writeCheckpoint);
}

export async function train(
  names: string[],
  { queue, mixed = false, ...rest }: TrainOptions & { queue?: URL },
): Promise<void> {
  const recipes = Object.keys(RECIPES);
  const ids = [...new Set(names.map((name) => known(name, recipes, "recipe")))];
  const options = { ...rest, mixed };
  for (const id of ids) await checkCheckpointWritable(id); // hours before it is written
  if (queue) return await trainThere(queue, ids, options);
  for (const id of ids) {
    const statePath = join(CACHE, "training", `${id}.state`);
    await writeCheckpoint(await makeCheckpoint(id, RECIPES[id] as Recipe, options, statePath));
    await rm(statePath, { force: true });
  }
}
