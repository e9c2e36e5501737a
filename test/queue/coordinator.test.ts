/** Jobs handed out over a real Redis: shared, lost, failed and given back, each counted once. */
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { MachineFault } from "../../src/datasets/storage.ts";
import { type Connection, connect } from "../../src/queue/connection.ts";
import { gather } from "../../src/queue/coordinator.ts";
import type { Outcome } from "../../src/queue/outcome.ts";
import { type RunningWorker, startWorker } from "../../src/queue/worker.ts";
import { Unequipped } from "../../src/queue/unequipped.ts";
import { startRedis, suiteOnRedis, UNAVAILABLE } from "./redis.ts";

const test = suiteOnRedis("coordinator");
const started: RunningWorker[] = [];
test.after.each(async () => {
  for (const worker of started.splice(0)) await worker.drain();
});

/** Some jobs, each a number to be squared. */
function numbers(count: number): Map<string, number> {
  return new Map(Array.from({ length: count }, (_, n) => [`job-${n}`, n]));
}

/** A worker of squares that keeps count of what it did. */
function squares(
  connection: Connection,
  queue: string,
  { name = "one", concurrency = 4, work = async (n: number) => n * n } = {},
) {
  const said: string[] = [];
  const did: number[] = [];
  const worker = startWorker({
    connection,
    name,
    say: (line) => said.push(line),
    posts: [
      {
        queue,
        concurrency,
        patience: 2,
        async work(data) {
          did.push(data as number);
          return await work(data as number);
        },
      },
    ],
  });
  started.push(worker);
  return { ...worker, said, did };
}

/** Gathers, and lists what came of each job; one that is told twice is listed twice. */
async function gathered(connection: Connection, queue: string, jobs: Map<string, number>) {
  const outcomes: [string, Outcome][] = [];
  const onOutcome = (name: string, outcome: Outcome) => outcomes.push([name, outcome]);
  await gather({ connection, queue, jobs, onOutcome });
  return outcomes;
}

function assertSquares(outcomes: [string, Outcome][], count: number): void {
  assert.is(outcomes.length, count);
  const sum = outcomes.reduce(
    (s, [, outcome]) => s + Number("answer" in outcome && outcome.answer),
    0,
  );
  // 0² + 1² + … + (n − 1)² = (n − 1) n (2n − 1) / 6
  assert.is(sum, ((count - 1) * count * (2 * count - 1)) / 6);
  assert.is(new Set(outcomes.map(([name]) => name)).size, count);
}

test("two that gather the same jobs share the work, and nothing stays behind", async ({
  connection,
}) => {
  const jobs = numbers(200);
  const both = [gathered(connection, "shared", jobs), gathered(connection, "shared", jobs)];
  await sleep(500); // both have handed out
  const worker = squares(connection, "shared");
  for (const outcomes of await Promise.all(both)) assertSquares(outcomes, 200);
  assert.is(worker.did.length, 200);
  await worker.drain();
  // Nothing is there any more, so that a later run computes anew.
  const again = squares(connection, "shared");
  assertSquares(await gathered(connection, "shared", jobs), 200);
  assert.is(again.did.length, 200);
  await again.drain();
});

test("Redis killed and started again loses and repeats nothing", async ({ redis, connection }) => {
  const worker = squares(connection, "broken", {
    work: async (n) => {
      await sleep(20);
      return n * n;
    },
  });
  const outcomes: [string, Outcome][] = [];
  const said: string[] = [];
  const gathering = gather({
    connection,
    say: (line) => said.push(line),
    queue: "broken",
    jobs: numbers(150),
    onOutcome: (name, outcome) => outcomes.push([name, outcome]),
  });
  while (outcomes.length < 30) await sleep(10);
  await redis.kill();
  assert.ok(outcomes.length < 150);
  await sleep(300);
  await redis.start();
  await gathering;
  assertSquares(outcomes, 150);
  // Where it comes back after the locks have lapsed, jobs are taken over, which is said as well.
  for (const lines of [said, worker.said]) {
    assert.match(
      lines.filter((line) => !line.includes("took a job over")).join("\n"),
      /^the queue at redis:.* is lost \(.*\); waiting for it\n.* is back$/,
    );
  }
  await worker.drain();
});

test("a Redis that comes back empty is filled again", async ({ redis, connection }) => {
  const outcomes: [string, Outcome][] = [];
  const gathering = gather({
    connection,
    queue: "emptied",
    jobs: numbers(20),
    onOutcome: (name, outcome) => outcomes.push([name, outcome]),
  });
  await sleep(300);
  const { Redis: Client } = await import("ioredis");
  const client = new Client(redis.url.href);
  await client.flushall();
  client.disconnect();
  const worker = squares(connection, "emptied");
  await gathering;
  assertSquares(outcomes, 20);
  await worker.drain();
});

test("a job that fails three times is named, and the rest goes on", async ({ connection }) => {
  const worker = squares(connection, "failing", {
    name: "clumsy",
    work: async (n) => {
      if (n === 3) throw new Error("three is too many");
      return n * n;
    },
  });
  const outcomes = await gathered(connection, "failing", numbers(20));
  assert.is(outcomes.length, 20);
  const failed = outcomes.filter(([, { failed: reason }]) => reason !== undefined);
  assert.equal(failed, [
    ["job-3", { failed: "given up after 3 tries, last by worker clumsy: three is too many" }],
  ]);
  assert.is(worker.did.filter((n) => n === 3).length, 3);
  await worker.drain();
});

test("what failed once and was done then is done, for who was away and who asks again", async ({
  connection,
}) => {
  const jobs = numbers(1);
  const first = gather({
    connection,
    queue: "retried",
    jobs,
    onOutcome: () => {
      throw new Error("it cannot be kept");
    },
  });
  let tries = 0;
  const worker = squares(connection, "retried", {
    work: async (n) => {
      if (tries++ === 0) throw new Error("not yet");
      return n * n;
    },
  });
  await first.then(
    () => assert.unreachable(),
    (error) => assert.is(error.message, "it cannot be kept"),
  );
  assertSquares(await gathered(connection, "retried", jobs), 1);
  assert.is(worker.did.length, 2);
  await worker.drain();
});

test("with all answers at hand, nobody waits for a queue that is lost", async () => {
  const redis = await startRedis();
  const connection = await connect(redis.url);
  const outcomes: Outcome[] = [];
  const once = async (then: () => unknown) =>
    await gather({
      connection,
      queue: "lost",
      jobs: numbers(1),
      async onOutcome(_, outcome) {
        outcomes.push(outcome);
        await then();
      },
      say: () => {},
    });
  const worker = squares(connection, "lost");
  const kept = once(() => Promise.reject(new Error("it cannot be kept")));
  await kept.catch(() => {}); // the answer stays, and a worker would wait for the queue
  await worker.drain();
  await once(redis.kill);
  assert.equal(outcomes, [{ answer: 0 }, { answer: 0 }]);
  await redis.stop();
});

test("a machine that is not fit gives its job back and leaves; another does it", async ({
  connection,
}) => {
  const unfit = squares(connection, "unfit", {
    concurrency: 1,
    work: async () => {
      throw new MachineFault("the disk is full");
    },
  });
  const outcomes = gathered(connection, "unfit", numbers(10));
  await unfit.ended.then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /the disk is full/),
  );
  assert.is(unfit.did.length, 1);
  const fit = squares(connection, "unfit");
  assertSquares(await outcomes, 10);
  await fit.drain();
});

/** A worker that lacks something for each job. */
const bare = (connection: Connection, queue: string) =>
  squares(connection, queue, {
    name: "bare",
    work: async () => {
      throw new Unequipped("no such model here");
    },
  });

test("a worker that lacks something leaves jobs to others, uses up no try and says it once", async ({
  connection,
}) => {
  const lacking = bare(connection, "equipped");
  const outcomes = gathered(connection, "equipped", numbers(10));
  while (lacking.did.length < 10) await sleep(10);
  const fit = squares(connection, "equipped", { name: "fit" });
  assertSquares(await outcomes, 10);
  assert.is(fit.did.length, 10);
  assert.equal(lacking.said, ["bare leaves to others: no such model here"]);
  await lacking.drain();
  await fit.drain();
});

test("what all workers lack something for is given up, with its reason; no later run is told of it", async ({
  connection,
}) => {
  const lacking = bare(connection, "bare");
  const reason = "given up, for no worker can do it: bare lacks it: no such model here";
  assert.equal(await gathered(connection, "bare", numbers(2)), [
    ["job-0", { failed: reason }],
    ["job-1", { failed: reason }],
  ]);
  const stopping = new AbortController();
  const jobs = numbers(2);
  const { signal } = stopping;
  const stopped = gather({ connection, queue: "bare", jobs, onOutcome: () => {}, signal });
  while (lacking.did.length < 4) await sleep(10);
  await lacking.drain();
  stopping.abort(new Error("stopped"));
  await stopped.catch(() => {});
  const fit = squares(connection, "bare", { name: "bare" }); // it has what it lacked
  assertSquares(await gathered(connection, "bare", jobs), 2);
  await fit.drain();
});

test("who is told to stop finishes what it began, and takes nothing more", async ({
  connection,
}) => {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const first = squares(connection, "drained", {
    concurrency: 1,
    work: async (n) => {
      begin();
      await sleep(300);
      return n * n;
    },
  });
  const outcomes: [string, Outcome][] = [];
  const gathering = gather({
    connection,
    queue: "drained",
    jobs: numbers(5),
    onOutcome: (name, outcome) => outcomes.push([name, outcome]),
  });
  await begun;
  await first.drain();
  assert.is(first.did.length, 1);
  await sleep(200);
  assert.is(outcomes.length, 1);
  const second = squares(connection, "drained");
  await gathering;
  assertSquares(outcomes, 5);
  assert.is(second.did.length, 4);
  await second.drain();
});

test("where nobody works it is said once for a while, and a coordinator that is stopped leaves the jobs", async ({
  connection,
}) => {
  const stop = new AbortController();
  let told = 0;
  const gathering = gather({
    connection,
    queue: "alone",
    jobs: numbers(3),
    onOutcome: () => assert.unreachable(),
    onNobody: () => {
      told++;
      setTimeout(() => stop.abort(new Error("enough")), 3000); // it asks every second
    },
    signal: stop.signal,
  });
  await gathering.then(
    () => assert.unreachable(),
    (error) => assert.is(error.message, "enough"),
  );
  assert.is(told, 1);
  const worker = squares(connection, "alone");
  while (worker.did.length < 3) await sleep(20);
  await worker.drain();
  assertSquares(await gathered(connection, "alone", numbers(3)), 3); // answered before it was asked
});

if (UNAVAILABLE) console.log(`skipped: ${UNAVAILABLE}`);
else test.run();
