/** Workers killed, stopped and told to end in mid-shard: nothing is counted twice or lost. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sha256Hex } from "../../src/datasets/digest.ts";
import type { View } from "../../src/datasets/view.ts";
import { evaluate } from "../../src/evaluation/evaluate.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { checkAnswer } from "../../src/queue/answer.ts";
import { type Connection, connect } from "../../src/queue/connection.ts";
import { gather } from "../../src/queue/coordinator.ts";
import type { Outcome } from "../../src/queue/outcome.ts";
import { type EvaluationJob, nameOf, queueOf } from "../../src/queue/jobs.ts";
import { linearModel } from "../models.ts";
import { type Redis, startRedis, UNAVAILABLE } from "./redis.ts";

const runtime = await openRuntime("native", 1);
const { name, package: from, version } = runtime;
const model = linearModel();
const view: View = { dataset: "cifar10", labels: { kind: "true" }, pixels: { kind: "true" } };
/** Two batches each. */
const SHARD = 200;

interface Context {
  redis: Redis;
  connection: Connection;
}
const test = suite<Context>("killed workers", {} as Context);
test.before.each(async (context) => {
  context.redis = await startRedis();
  context.connection = await connect(context.redis.url);
});
test.after.each(async ({ redis }) => await redis.stop());

async function jobsOf(count: number): Promise<Map<string, EvaluationJob>> {
  const jobs = new Map<string, EvaluationJob>();
  for (let k = 0; k < count; k++) {
    const job: EvaluationJob = {
      kind: "evaluate",
      checkpoint: "linear",
      sha256: await sha256Hex(model),
      view,
      split: "test",
      shards: [{ start: k * SHARD, end: (k + 1) * SHARD }],
      runtime: { name, package: from, version },
    };
    jobs.set(await nameOf(job), job);
  }
  return jobs;
}

/** What one process alone counts of all of them. */
async function countAlone(count: number): Promise<number> {
  const session = await runtime.load(model);
  const shards = [{ start: 0, end: count * SHARD }];
  let correct = 0;
  for await (const shard of evaluate(await openDataset(), view, session, "test", shards)) {
    correct += shard.correct;
  }
  await session.close();
  return correct;
}

interface Victim {
  child: ChildProcess;
  /** Settles when it is in the middle of a shard. */
  middle: Promise<unknown>;
}

function startWorker(redis: Redis, name: string, hold: number): Victim {
  const program = fileURLToPath(new URL("victim.ts", import.meta.url));
  const args = ["--import", "tsx", program, redis.url.href, name, `${hold}`];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  return { child, middle: once(child.stdout, "data") };
}

async function end({ child }: Victim, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(child, "exit");
  child.kill(signal);
  const [code] = await ended;
  return code;
}

/** Gathers while something is done to the workers, and adds up. */
async function counted(
  connection: Connection,
  jobs: Map<string, EvaluationJob>,
  doing: () => Promise<void>,
): Promise<{ correct: number; workers: string[] }> {
  const outcomes = new Map<string, Outcome>();
  const gathering = gather({
    connection,
    queue: queueOf({ kind: "evaluate", runtime }),
    jobs,
    onOutcome(id, outcome) {
      assert.not(outcomes.has(id), "a job is told twice");
      outcomes.set(id, outcome);
    },
  });
  await doing();
  await gathering;
  let correct = 0;
  const workers: string[] = [];
  for (const [id, job] of jobs) {
    const outcome = outcomes.get(id);
    assert.is(outcome?.failed, undefined);
    const checked = await checkAnswer(job, outcome && "answer" in outcome && outcome.answer);
    if (checked.wrong !== undefined) throw new Error(checked.wrong);
    workers.push(checked.ranOn.worker);
    for (const shard of checked.shards) correct += shard.correct;
  }
  return { correct, workers };
}

test("of several workers one is killed in mid-shard, twenty times", async ({
  redis,
  connection,
}) => {
  const [kills, jobs] = [20, await jobsOf(12)];
  let survivor: Victim | undefined;
  const { correct, workers } = await counted(connection, jobs, async () => {
    // A few at once, of which one is killed while the others are in mid-shard, too.
    for (let k = 0; k < kills; k += 4) {
      const victims = Array.from({ length: 4 }, (_, i) =>
        startWorker(redis, `victim-${k + i}`, 3_600_000),
      );
      for (const victim of victims) {
        await victim.middle;
        await end(victim, "SIGKILL");
      }
    }
    survivor = startWorker(redis, "survivor", 0);
  });
  assert.is(correct, await countAlone(12));
  assert.equal([...new Set(workers)], ["survivor"]);
  if (survivor) assert.is(await end(survivor, "SIGTERM"), 0);
});

test("one that hangs is taken over, and what it finishes later is not counted", async ({
  redis,
  connection,
}) => {
  const jobs = await jobsOf(4);
  const hung = startWorker(redis, "hung", 3000);
  const other: Victim[] = [];
  const { correct, workers } = await counted(connection, jobs, async () => {
    await hung.middle;
    hung.child.kill("SIGSTOP");
    other.push(startWorker(redis, "other", 0));
  });
  assert.is(correct, await countAlone(4));
  assert.equal([...new Set(workers)], ["other"]);
  hung.child.kill("SIGCONT");
  assert.is(await end(hung, "SIGTERM"), 0);
  for (const worker of other) await end(worker, "SIGTERM");
});

test("one that is told to end in mid-shard answers first", async ({ redis, connection }) => {
  const jobs = await jobsOf(3);
  const first = startWorker(redis, "first", 500);
  let second: Victim | undefined;
  const { correct, workers } = await counted(connection, jobs, async () => {
    await first.middle;
    assert.is(await end(first, "SIGTERM"), 0);
    second = startWorker(redis, "second", 0);
  });
  assert.is(correct, await countAlone(3));
  assert.is(workers.filter((worker) => worker === "first").length, 1);
  if (second) await end(second, "SIGTERM");
});

if (UNAVAILABLE) console.log(`skipped: ${UNAVAILABLE}`);
else test.run();
