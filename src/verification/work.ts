/**
 * The work of a verification as a list: what parts of a run, a queue and a progress bar share.
 * It follows from the published files, the sampling and the runtime alone, so that every machine
 * makes the same list.
 */
import { SPLITS, type Split } from "../datasets/cifar10.ts";
import type { DatasetName } from "../datasets/datasets.ts";
import { InputError, MismatchError, type Storage } from "../datasets/storage.ts";
import type { Range } from "../evaluation/evaluate.ts";
import { readCheckpoint, readFixture } from "../evaluation/published.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { type Sampling, sampleShards } from "../evaluation/verify.ts";
import { costsOf } from "./cost.ts";

/** To read a checkpoint's published files, hold them against each other and count all predictions. */
export interface CountsItem {
  kind: "counts";
  checkpoint: string;
  cost: number;
}

/** To evaluate examples [start, end) of a split, and compare them with the fixture. */
export interface ShardItem extends Range {
  kind: "shard";
  checkpoint: string;
  split: Split;
  runtime: RuntimeName;
  /** Roughly, in milliseconds of one quiet core; only the proportions count. */
  cost: number;
}

export type WorkItem = CountsItem | ShardItem;

/** What a list asks of one checkpoint. */
export interface CheckpointWork {
  checkpoint: string;
  counts: boolean;
  shards: Record<Split, Range[]>;
}

async function itemsOf(
  project: Storage,
  id: string,
  sampling: Sampling,
  runtime: RuntimeName,
): Promise<WorkItem[]> {
  const checkpoint = await readCheckpoint(project, id);
  const { splits } = await readFixture(project, id);
  const cost = costsOf(checkpoint, runtime);
  const shards = SPLITS.flatMap((split) =>
    sampleShards(splits[split], split, sampling, runtime).map(
      ({ start, end }): ShardItem => ({
        kind: "shard",
        checkpoint: id,
        split,
        start,
        end,
        runtime,
        cost: Math.round((end - start) * cost.perExample),
      }),
    ),
  );
  return [{ kind: "counts", checkpoint: id, cost: cost.counts }, ...shards];
}

/**
 * Everything that a verification of these checkpoints does, in the order of the checkpoints. Of one
 * whose files cannot be used the list has the reading alone: whoever does that says what is wrong.
 */
export async function planWork(
  project: Storage,
  checkpoints: string[],
  sampling: Sampling,
  runtime: RuntimeName,
): Promise<WorkItem[]> {
  const items: WorkItem[] = [];
  for (const id of checkpoints) {
    try {
      items.push(...(await itemsOf(project, id, sampling, runtime)));
    } catch (error) {
      if (!(error instanceof MismatchError || error instanceof InputError)) throw error;
      items.push({ kind: "counts", checkpoint: id, cost: 0 });
    }
  }
  return items;
}

/** The datasets that a list reads, each once: one that no item is about need not be here. */
export async function datasetsOf(project: Storage, work: WorkItem[]): Promise<DatasetName[]> {
  const names = new Set<DatasetName>();
  for (const { checkpoint } of byCheckpoint(work)) {
    try {
      names.add((await readCheckpoint(project, checkpoint)).recipe.view.dataset);
    } catch (error) {
      if (!(error instanceof MismatchError || error instanceof InputError)) throw error;
      // Whoever reads it to compare it says what is wrong.
    }
  }
  return [...names];
}

/** The work of each checkpoint, in the order of the list. */
export function byCheckpoint(work: WorkItem[]): CheckpointWork[] {
  const all = new Map<string, CheckpointWork>();
  for (const item of work) {
    const { checkpoint } = item;
    const own = all.get(checkpoint) ?? {
      checkpoint,
      counts: false,
      shards: { train: [], test: [] },
    };
    if (item.kind === "counts") own.counts = true;
    else own.shards[item.split].push({ start: item.start, end: item.end });
    all.set(checkpoint, own);
  }
  return [...all.values()];
}

/** How many shards of up to 1,000 examples a list evaluates. */
export function shardCount(work: WorkItem[]): number {
  return work.filter(({ kind }) => kind === "shard").length;
}
