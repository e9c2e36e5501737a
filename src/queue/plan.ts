/** Cuts a verification into jobs. */
import type { Split } from "../datasets/cifar10.ts";
import type { Range } from "../evaluation/evaluate.ts";
import type { Fixture } from "../evaluation/fixture.ts";
import type { Runtime } from "../evaluation/runtimes/runtime.ts";
import { type Sampling, sampleShards } from "../evaluation/verify.ts";
import { type EvaluationJob, nameOf } from "./jobs.ts";

export type RanBy = Pick<Runtime, "name" | "package" | "version">;

const SPLITS: Split[] = ["train", "test"];

/**
 * Shards in a job: work of a second or a few, so that handing it out costs little, and a
 * worker that is killed loses little.
 */
function shardsOfJob({ checkpoint }: Fixture, runtime: RanBy): number {
  const dense = /^(mlp|theorem1)/.test(checkpoint);
  return runtime.name === "native" && dense ? 10 : 1;
}

/** The jobs that recompute the sampled shards of a checkpoint, by name. */
export async function jobsOf(
  fixture: Fixture,
  sampling: Sampling,
  runtime: RanBy,
): Promise<Map<string, EvaluationJob>> {
  const { checkpoint, sha256, view } = fixture;
  const { name, package: from, version } = runtime;
  const size = shardsOfJob(fixture, runtime);
  const jobs = new Map<string, EvaluationJob>();
  for (const split of SPLITS) {
    const shards: Range[] = sampleShards(fixture.splits[split], split, sampling, name).map(
      ({ start, end }) => ({ start, end }),
    );
    for (let at = 0; at < shards.length; at += size) {
      const job: EvaluationJob = {
        kind: "evaluate",
        checkpoint,
        sha256,
        view,
        split,
        shards: shards.slice(at, at + size),
        runtime: { name, package: from, version },
      };
      jobs.set(await nameOf(job), job);
    }
  }
  return jobs;
}
