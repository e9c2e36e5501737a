/** Verifies by workers: all jobs are handed out at once, and each answer is held against the fixture. */
import type { Split } from "../datasets/cifar10.ts";
import { CheckpointError, MismatchError, type Storage } from "../datasets/storage.ts";
import { type Comparison, compareShard } from "../evaluation/compare.ts";
import { checkCounts } from "../evaluation/counts.ts";
import type { Range } from "../evaluation/evaluate.ts";
import { type Project, type Published, readCheckpoint } from "../evaluation/published.ts";
import { worst } from "../evaluation/compare.ts";
import type { Verification } from "../evaluation/verify.ts";
import { printError } from "../print.ts";
import type { Verifier } from "../verification/verify-claims.ts";
import type { WorkItem } from "../verification/work.ts";
import { checkAnswer, type Machine } from "./answer.ts";
import type { Connection } from "./connection.ts";
import { gather } from "./coordinator.ts";
import type { Outcome } from "./outcome.ts";
import { type EvaluationJob, queueOf } from "./jobs.ts";
import { jobsOf, type RanBy } from "./plan.ts";

export interface QueueVerifierOptions {
  connection: Connection;
  project: Project;
  /** What is to be done, all of it from the start. */
  work: WorkItem[];
  runtime: RanBy;
  /** Where published counts are held against the labels; left out, they are not. */
  dataset?: Storage;
  say?: (line: string) => void;
}

/** A worker, and its shards by checkpoint. */
export type WorkerShare = Machine & { shards: Record<string, number> };

export interface QueueVerifier extends Verifier {
  /** Who answered, and how many shards of 1,000 of each checkpoint. */
  workers(): WorkerShare[];
  /** Takes its jobs off the queue; where the run did not come to its end they stay, for one that goes on. */
  close(ended: boolean): Promise<void>;
}

interface Waiting {
  name: string;
  job: EvaluationJob;
  outcome: Promise<Outcome>;
}

/** A shard that nobody could evaluate. */
function notEvaluated({ start, end }: Range, published: number, reason: string): Comparison {
  return { start, end, published, recomputed: 0, result: "not-certified", reason };
}

/** Of which examples a job is, for a person. */
function about({ split, shards }: EvaluationJob): string {
  return `${split} ${shards[0]?.start} to ${shards.at(-1)?.end}`;
}

/**
 * Plans and hands out the work.
 * @throws what readCheckpoint throws
 */
export async function queueVerifier(options: QueueVerifierOptions): Promise<QueueVerifier> {
  const { connection, project, runtime, dataset } = options;
  const say = options.say ?? printError;
  const plans = new Map<string, Waiting[]>();
  const jobs = new Map<string, EvaluationJob>();
  const settle = new Map<string, (outcome: Outcome) => void>();
  const items = options.work.filter((item) => item.kind === "shard");
  for (const id of new Set(items.map(({ checkpoint }) => checkpoint))) {
    const own = items.filter(({ checkpoint }) => checkpoint === id);
    const planned = await jobsOf(await readCheckpoint(project, id), own, runtime);
    const waiting = [...planned].map(([name, job]): Waiting => {
      jobs.set(name, job);
      return { name, job, outcome: new Promise((resolve) => settle.set(name, resolve)) };
    });
    plans.set(id, waiting);
  }
  const queue = queueOf({ kind: "evaluate", runtime });
  const stopping = new AbortController();
  const discarded = new Set<string>();
  const gathering = gather({
    connection,
    queue,
    jobs,
    onOutcome: (name, outcome) => settle.get(name)?.(outcome),
    onNobody: () =>
      say(
        `no worker with ${runtime.package} ${runtime.version} is at ${connection.name}; start one: rethink work --queue URL`,
      ),
    signal: stopping.signal,
    discarded,
    say,
  });
  gathering.catch(() => {}); // thrown to whoever waits for an outcome
  const lost = gathering.then(() => new Promise<never>(() => {}));
  lost.catch(() => {});
  const seen = new Map<string, WorkerShare>();

  function thank(machine: Machine, checkpoint: string, shards: number): void {
    const share = seen.get(machine.worker) ?? { ...machine, shards: {} };
    share.shards[checkpoint] = (share.shards[checkpoint] ?? 0) + shards;
    seen.set(machine.worker, share);
  }

  /** A job's shards against the fixture; whoever answers wrong is named. */
  async function compared(published: Published, job: EvaluationJob, outcome: Outcome) {
    const { shards: entries } = published.fixture.splits[job.split];
    const correct = (range: Range) => entries.find((s) => s.start === range.start)?.correct ?? 0;
    if (outcome.failed !== undefined) {
      const { failed: reason } = outcome;
      say(`${job.checkpoint}, ${about(job)}: ${reason}`);
      return job.shards.map((range) => notEvaluated(range, correct(range), reason));
    }
    const checked = await checkAnswer(job, outcome.answer);
    const by = `by worker ${checked.ranOn?.worker ?? "unknown"}`;
    if (checked.ranOn) thank(checked.ranOn, job.checkpoint, job.shards.length);
    if (checked.wrong !== undefined) {
      const reason = `${checked.wrong}, ${by}`;
      return job.shards.map(
        (range): Comparison => ({
          ...notEvaluated(range, correct(range), reason),
          result: "mismatch",
        }),
      );
    }
    return await Promise.all(
      checked.shards.map(async (shard): Promise<Comparison> => {
        const comparison = await compareShard(published, job.split, runtime, shard);
        const { result, reason } = comparison;
        return result === "match" ? comparison : { ...comparison, reason: `${reason}, ${by}` };
      }),
    );
  }

  /** @throws CheckpointError where some of it was given up and the rest matches: that differs from nothing */
  async function verify(
    ...[published, , onShard, signal]: Parameters<Verifier["verify"]>
  ): Promise<Verification> {
    const { checkpoint } = published.fixture;
    const plan = plans.get(checkpoint) ?? [];
    if (plan.some(({ job }) => job.sha256 !== published.fixture.sha256))
      throw new MismatchError(`fixtures/${checkpoint}.json changed while it was verified`);
    const onAbort = () => stopping.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    signal?.throwIfAborted();
    const splits: Record<Split, Comparison[]> = { train: [], test: [] };
    const givenUp: string[] = [];
    let differs = false;
    for (const { name, job, outcome: waiting } of plan) {
      const outcome = await Promise.race([waiting, lost]);
      const comparisons = await compared(published, job, outcome);
      splits[job.split].push(...comparisons);
      const matches = comparisons.every(({ result }) => result === "match");
      if (!matches) discarded.add(name);
      if (outcome.failed !== undefined) givenUp.push(`${about(job)}: ${comparisons[0]?.reason}`);
      else if (!matches) differs = true;
      for (const comparison of comparisons) onShard(job.split, comparison);
    }
    signal?.removeEventListener("abort", onAbort);
    plans.delete(checkpoint); // and the answers with it
    const more = givenUp.length > 1 ? `; and ${givenUp.length - 1} more` : "";
    if (givenUp.length > 0 && !differs) throw new CheckpointError(`${givenUp[0]}${more}`);
    const result = worst([...splits.train, ...splits.test].map((c) => c.result));
    return { checkpoint, runtime: runtime.name, result, splits };
  }

  return {
    verify,
    ...(dataset && {
      count: (published: Published, signal?: AbortSignal) =>
        checkCounts(dataset, published, signal),
    }),
    runtime: () => runtime,
    workers: () => [...seen.values()],
    async close(ended) {
      if (ended) for (const name of jobs.keys()) discarded.add(name);
      if (plans.size > 0) stopping.abort(new Error("the coordinator stops"));
      await gathering.catch(() => {});
    },
  };
}
