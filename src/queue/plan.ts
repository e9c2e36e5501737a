/** Cuts the work of a verification into jobs. */
import type { Checkpoint } from "../evaluation/checkpoint.ts";
import type { Runtime } from "../evaluation/runtimes/runtime.ts";
import type { ShardItem } from "../verification/work.ts";
import { type EvaluationJob, nameOf } from "./jobs.ts";

export type RanBy = Pick<Runtime, "name" | "package" | "version">;

/**
 * What a job takes at most, as verification/cost.ts estimates milliseconds, and shards in it:
 * handing it out costs little beside, and a worker that is killed loses little.
 */
const MOST = 1_000;
const MOST_SHARDS = 10;

/** Neighbours of one split, as many as a job may have. */
function grouped(items: ShardItem[]): ShardItem[][] {
  const groups: ShardItem[][] = [];
  let cost = 0;
  for (const item of items) {
    const last = groups.at(-1);
    cost += item.cost;
    if (last?.[0]?.split === item.split && cost <= MOST && last.length < MOST_SHARDS) {
      last.push(item);
    } else {
      groups.push([item]);
      cost = item.cost;
    }
  }
  return groups;
}

/** The jobs that recompute these shards of a checkpoint, by name. */
export async function jobsOf(
  { id, recipe, model, preprocessing = {} }: Checkpoint,
  items: ShardItem[],
  { name, package: from, version }: RanBy,
): Promise<Map<string, EvaluationJob>> {
  const jobs = new Map<string, EvaluationJob>();
  for (const group of grouped(items)) {
    const job: EvaluationJob = {
      kind: "evaluate",
      checkpoint: id,
      sha256: model.sha256,
      view: recipe.view,
      split: (group[0] as ShardItem).split,
      shards: group.map(({ start, end }) => ({ start, end })),
      ...(recipe.kind === "given" && { given: preprocessing }),
      runtime: { name, package: from, version },
    };
    jobs.set(await nameOf(job), job);
  }
  return jobs;
}
