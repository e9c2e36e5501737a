/** The job of a queue that makes a checkpoint, with those of the command line's options that a worker can follow. */
import type { TrainingJob } from "../queue/jobs.ts";
import type { Recipe } from "../recipe.ts";
import type { TrainOptions } from "./made.ts";

export function trainingJob(
  checkpoint: string,
  recipe: Recipe,
  { backend, hits, restart }: TrainOptions,
): TrainingJob {
  return {
    kind: "train",
    checkpoint,
    recipe,
    backend,
    ...(hits === false && { hits }),
    ...(restart && { anew: crypto.randomUUID() }),
  };
}
