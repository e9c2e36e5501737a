/**
 * Work through a queue as ratios taken in one run: a worker against verify on the same threads,
 * two one-thread workers against one, and what 10,000 jobs that ask for nothing take.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import type { Sampling } from "../../src/evaluation/verify.ts";
import { openDataset, PROJECT } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import { type Connection, connect } from "../../src/queue/connection.ts";
import { gather } from "../../src/queue/coordinator.ts";
import { queueVerifier } from "../../src/queue/queue-verifier.ts";
import {
  localVerifier,
  type Verifier,
  verifyClaims,
} from "../../src/verification/verify-claims.ts";
import { planWork } from "../../src/verification/work.ts";
import { startRedis, UNAVAILABLE } from "../../test/queue/redis.ts";

const JOBS = 10_000;
type Work = [checkpoints: string[], sampling: Sampling];

/**
 * What one worker is measured with: MLPs, whose shards take so little that handing over their images
 * shows, and more of them beside the other nets than `verify --full` has, where Inception takes most.
 */
const WHOLE: Work[] = [
  [["mlp-1x512.true", "mlp-3x512.true"], { shards: "all", seed: 0 }],
  [["mlp-1x512.true", "alexnet.true"], { shards: "all", seed: 0 }],
];
/** What two are measured with. */
const PAIR: Work = [["alexnet.true"], { shards: 5, seed: 0 }];

/** A process that says on one of its streams when it is ready. */
async function start(args: string[], stream: "stdout" | "stderr"): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", ...args], {
    cwd: PROJECT,
    stdio: "pipe",
  });
  await once(child[stream], "data");
  return child;
}

const startWorker = (url: URL, concurrency: number) =>
  start(
    ["src/cli/main.ts", "work", "--queue", url.href, "--concurrency", `${concurrency}`],
    "stderr",
  );

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

/** Seconds that a verification takes. */
async function seconds(verifier: Verifier, [checkpoints, sampling]: Work): Promise<number> {
  const started = performance.now();
  const report = await verifyClaims({ verifier, project, claims: [], checkpoints, sampling });
  if (!report.matched) throw new Error("not all matched");
  return (performance.now() - started) / 1000;
}

async function byQueue(connection: Connection, work: Work): Promise<number> {
  const [checkpoints, sampling] = work;
  const { name, package: from, version } = await openRuntime("native");
  const runtime = { name, package: from, version };
  const planned = await planWork(project, checkpoints, sampling, name);
  const verifier = await queueVerifier({ connection, project, work: planned, runtime });
  const taken = await seconds(verifier, work);
  await verifier.close(true);
  return taken;
}

/** The best of a few, in turn: what the machine's other work disturbs least. */
async function inTurn(runs: number, ...works: (() => Promise<number>)[]): Promise<number[]> {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let k = 0; k < runs; k++) {
    for (const [i, work] of works.entries()) best[i] = Math.min(best[i] as number, await work());
  }
  return best;
}

async function benchWorkers(connection: Connection, url: URL): Promise<void> {
  const local = localVerifier(await openDataset(), await openRuntime("native"));
  const both = await startWorker(url, 2);
  await byQueue(connection, PAIR); // its threads start
  for (const work of WHOLE) {
    const [here = 0, there = 0] = await inTurn(
      2,
      () => seconds(local, work),
      () => byQueue(connection, work),
    );
    console.log(
      `queue: verify --full / one worker on the same 2 threads, ${work[0].join(" and ")}  ${(here / there).toFixed(2)}  (${here.toFixed(1)} s / ${there.toFixed(1)} s)`,
    );
  }
  await end(both);
  const first = await startWorker(url, 1);
  await byQueue(connection, PAIR);
  const [one = 0] = await inTurn(2, () => byQueue(connection, PAIR));
  const second = await startWorker(url, 1);
  await byQueue(connection, PAIR);
  const [two = 0] = await inTurn(2, () => byQueue(connection, PAIR));
  await Promise.all([end(first), end(second)]);
  console.log(
    `queue: one one-thread worker / two of them  ${(one / two).toFixed(2)}  (${one.toFixed(1)} s / ${two.toFixed(1)} s)`,
  );
}

async function benchEmpty(connection: Connection, url: URL): Promise<void> {
  const worker = await start(["scripts/bench/empty-worker.ts", url.href], "stdout");
  const theirs: string[] = [];
  worker.stdout?.on("data", (text) =>
    theirs.push(...[...String(text).matchAll(/memory (\d+)/g)].map(([, mib = ""]) => mib)),
  );
  const ours: number[] = [];
  let answers = 0;
  const jobs = new Map(Array.from({ length: JOBS }, (_, n) => [`empty-${n}`, n]));
  const started = performance.now();
  await gather({
    connection,
    queue: "empty",
    jobs,
    onOutcome() {
      if (++answers % 2000 === 0) ours.push(Math.round(process.memoryUsage().rss / 2 ** 20));
    },
  });
  const taken = (performance.now() - started) / 1000;
  await end(worker);
  console.log(`queue: ${JOBS} empty jobs in ${taken.toFixed(1)} s`);
  console.log(
    `queue: MiB after each 2,000 of them: coordinator ${ours.join(", ")}; worker ${theirs.join(", ")}`,
  );
}

export async function benchQueue(): Promise<void> {
  if (UNAVAILABLE) {
    console.log(`skipped: ${UNAVAILABLE}`);
    return;
  }
  await openDataset(); // so that converting it is not counted
  const redis = await startRedis();
  try {
    const connection = await connect(redis.url);
    await benchEmpty(connection, redis.url);
    await benchWorkers(connection, redis.url);
  } finally {
    await redis.stop();
  }
}
