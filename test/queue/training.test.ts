/** A recipe trained by a worker gives the model that it gives here; who stops hands it on. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import * as assert from "uvu/assert";
import { makeCheckpoint } from "../../src/cli/make-checkpoint.ts";
import { retrain } from "../../src/cli/retrain.ts";
import { trainPost } from "../../src/cli/train-post.ts";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { InputError, MismatchError, UnwritableError } from "../../src/datasets/storage.ts";
import { readCheckpoint } from "../../src/evaluation/published.ts";
import { CACHE } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import { type Connection, PREFIX } from "../../src/queue/connection.ts";
import { readTraining, type TrainingJob } from "../../src/queue/jobs.ts";
import { thisMachine } from "../../src/queue/machine.ts";
import { openParts, PartsGone } from "../../src/queue/parts.ts";
import {
  type CheckpointFiles,
  type TrainingAnswer,
  trainByWorkers,
  trainingAnswer,
} from "../../src/queue/training.ts";
import { startWorker } from "../../src/queue/worker.ts";
import { canonicalDigest, type TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";
import { ID, ROOT } from "../home.ts";
import { suiteOnRedis, UNAVAILABLE } from "./redis.ts";

const id = "mlp-1x512.true";
const base = RECIPES[id] as TrainingRecipe;
/** 20 images with plain JavaScript, which needs no set-up. */
const recipe: TrainingRecipe = {
  ...base,
  epochs: 3,
  batchSize: 10,
  view: { ...base.view, examples: 20 },
};
const job: TrainingJob = { kind: "train", checkpoint: id, recipe, backend: "cpu" };

const test = suiteOnRedis("training by workers");

function trainer(connection: Connection, name: string) {
  const post = trainPost(connection, thisMachine(name));
  const worker = startWorker({ connection, name, posts: [post], say: () => {} });
  return async () => {
    await worker.drain();
    post.stop();
  };
}

test("what a worker trains is what is trained here, and one that stops hands it on", async ({
  connection,
}) => {
  const statePath = join(CACHE, "training", `test-${process.pid}.state`);
  const here = await makeCheckpoint(id, recipe, { backend: "cpu" }, statePath);
  rmSync(statePath, { force: true });
  const received: CheckpointFiles[] = [];
  const training = trainByWorkers(connection, [job], async (files) => {
    received.push(files);
  });
  const stop = trainer(connection, "first");
  await sleep(1500); // it has begun, or ends before it has
  await stop();
  const end = trainer(connection, "second");
  await training;
  await end();
  assert.is(received.length, 1);
  const [files] = received;
  assert.equal(files?.checkpoint.model, here.checkpoint.model);
  assert.is(await sha256Hex(files?.model as typeof here.model), here.checkpoint.model.sha256);
  assert.is(files?.checkpoint.trained.epochs, 3);
});

test("a worker that cannot go on from what it saved begins anew, and keeps that", async ({
  connection,
}) => {
  const digest = (await canonicalDigest(job)).slice(0, 16);
  const statePath = join(CACHE, "training", `${id}.${digest}.state`);
  writeFileSync(statePath, "damaged");
  const end = trainer(connection, "fifth");
  const received: CheckpointFiles[] = [];
  await trainByWorkers(connection, [job], async (files) => void received.push(files));
  await end();
  assert.is(received[0]?.checkpoint.trained.epochs, 3);
  assert.is(readFileSync(`${statePath}.aside`, "utf8"), "damaged");
  assert.not(existsSync(statePath));
  rmSync(`${statePath}.aside`);
});

test("retrain by a worker compares what it made with what is published", async ({
  connection,
  redis,
}) => {
  const end = trainer(connection, "again");
  await retrain("theorem1.random-labels", { backend: "cpu", queue: redis.url });
  await end();
});

test("a recipe that nobody can train is named once the rest is done", async ({ connection }) => {
  const diverging = { ...recipe, optimizer: { ...recipe.optimizer, learningRate: 1e30 } };
  const jobs = [
    { ...job, recipe: diverging },
    { ...job, recipe: { ...recipe, epochs: 1 } },
  ];
  const received: CheckpointFiles[] = [];
  const end = trainer(connection, "third");
  const training = trainByWorkers(connection, jobs, async (files) => {
    received.push(files);
  });
  await training.then(
    () => assert.unreachable(),
    (error) => {
      assert.instance(error, InputError);
      assert.match(error.message, /given up after 3 tries, last by worker third: .*diverges here/);
    },
  );
  assert.is(received.length, 1);
  await end();
});

/** How many answers a queue of trainings keeps. */
async function answersAt(connection: Connection): Promise<number> {
  const queue = new Queue("train", { connection: connection.options, prefix: PREFIX });
  const count = await queue.getCompletedCount();
  await queue.disconnect();
  return count;
}

test("what cannot be written is written when it is asked for again, and nothing trained again", async ({
  connection,
}) => {
  const jobs = [1, 2].map((epochs): TrainingJob => ({ ...job, recipe: { ...recipe, epochs } }));
  const written: number[] = [];
  const end = trainer(connection, "fourth");
  const training = trainByWorkers(connection, jobs, async ({ checkpoint }) => {
    if (checkpoint.trained.epochs === 1) throw new UnwritableError("cannot write it (ENOSPC)");
    written.push(2);
  });
  await training.then(
    () => assert.unreachable(),
    (error) => {
      assert.instance(error, InputError);
      assert.match(error.message, /^cannot write it \(ENOSPC\); then ask again: it was trained/);
    },
  );
  assert.equal(written, [2]);
  await end();
  // Nobody works any more.
  await trainByWorkers(connection, jobs, async ({ checkpoint }) => {
    assert.is(await answersAt(connection), 2); // they stay until all is written
    written.push(checkpoint.trained.epochs as number);
  });
  assert.equal(written.slice(1).sort(), [1, 2]);
  assert.is(await answersAt(connection), 0);
});

function rethink(args: string[], environment: Record<string, string> = {}) {
  return spawnSync(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...environment },
    timeout: 120_000, // it would wait for a worker
  });
}

test("where models/ID cannot be written nothing is handed out", async ({ redis }) => {
  const home = mkdtempSync(join(tmpdir(), "rethink-"));
  writeFileSync(join(home, "models"), "no folder");
  const run = rethink(["train", id, "--queue", redis.url.href], { RETHINK_HOME: home });
  rmSync(home, { recursive: true });
  assert.is(run.status, 2, run.stderr);
  assert.match(run.stderr, /^rethink: cannot write \S+models\/mlp-1x512\.true\/model\.onnx/);
});

/** A worker that answers with what is published, and lists what it was asked. */
function published(connection: Connection, until = Promise.resolve()) {
  const parts = openParts(connection);
  const asked: TrainingJob[] = [];
  async function work(data: unknown): Promise<TrainingAnswer> {
    asked.push(readTraining(data));
    await until;
    const checkpoint = await readCheckpoint(project, ID);
    const [model, history] = [
      await project.read(`models/${ID}/model.onnx`),
      await project.read(`models/${ID}/history.json`),
    ];
    return await trainingAnswer({ checkpoint, model, history }, thisMachine("quick"), parts);
  }
  const post = { queue: "train", concurrency: 1, patience: 2, work };
  const worker = startWorker({ connection, name: "quick", posts: [post], say: () => {} });
  async function end(): Promise<void> {
    await worker.drain();
    parts.close();
  }
  return { asked, end };
}

const construction: TrainingJob = {
  kind: "train",
  checkpoint: ID,
  recipe: RECIPES[ID] as TrainingJob["recipe"],
  backend: "cpu",
};
/** As `retrain` asks for it. */
const retraining: TrainingJob = { ...construction, hits: false, again: true };

/** Leaves an answer at the queue, as who is killed before it is written. */
async function leaveAnswer(connection: Connection, job: TrainingJob): Promise<void> {
  const full = async () => {
    throw new UnwritableError("the disk is full");
  };
  await trainByWorkers(connection, [job], full).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /^the disk is full/),
  );
}

test("what is gone from the queue is trained anew", async ({ connection, redis }) => {
  const worker = published(connection);
  await leaveAnswer(connection, construction);
  const { Redis: Client } = await import("ioredis");
  const client = new Client(redis.url.href);
  await client.del(...(await client.keys("rethink:part:*")));
  client.disconnect();
  let received = 0;
  await trainByWorkers(connection, [construction], async () => void received++);
  assert.is(received, 1);
  assert.is(worker.asked.length, 2);
  assert.is(await answersAt(connection), 0);
  await worker.end();
});

test("retrain has no answer of train's, and with --restart none of a retraining that was stopped", async ({
  connection,
  redis,
}) => {
  const options = { backend: "cpu", hits: false, queue: redis.url } as const;
  const first = published(connection);
  await leaveAnswer(connection, construction);
  await leaveAnswer(connection, retraining);
  await first.end();
  assert.is(await answersAt(connection), 2);
  await retrain(ID, options); // nobody works: it goes on with what was stopped
  assert.is(await answersAt(connection), 1);
  const second = published(connection);
  await retrain(ID, options);
  assert.equal(second.asked, [retraining]);
  await leaveAnswer(connection, retraining);
  await retrain(ID, { ...options, restart: true });
  const { anew, ...last } = second.asked[2] as TrainingJob;
  assert.equal(last, retraining);
  assert.type(anew, "string");
  await second.end();
  await trainByWorkers(connection, [construction], async () => {});
  assert.is(await answersAt(connection), 0);
});

test("what a worker is at is not begun anew", async ({ connection }) => {
  let go = () => {};
  const worker = published(
    connection,
    new Promise<void>((resolve) => {
      go = resolve;
    }),
  );
  let received = 0;
  const training = trainByWorkers(connection, [construction], async () => void received++);
  while (worker.asked.length === 0) await sleep(20);
  await trainByWorkers(connection, [{ ...construction, anew: "now" }], async () => {}).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /^a worker is training theorem1\.random-labels already/),
  );
  go();
  await training;
  assert.is(received, 1);
  await worker.end();
});

test("--no-hits goes to the worker, --mixed cannot", async ({ connection, redis }) => {
  const jobs = [{}, { hits: false } as const].map(
    (more): TrainingJob => ({ ...job, recipe: { ...recipe, epochs: 1 }, ...more }),
  );
  const hits: boolean[] = [];
  const end = trainer(connection, "fifth");
  await trainByWorkers(connection, jobs, async ({ history }) => {
    const [epoch] = JSON.parse(new TextDecoder().decode(history));
    hits.push("hits" in epoch);
  });
  await end();
  assert.equal(hits, [true, false]); // two jobs, in their order
  const run = rethink(["train", id, "--mixed", "--queue", redis.url.href]);
  assert.is(run.status, 2);
  assert.match(run.stderr, /^error: option '--mixed' cannot be used with option '--queue <url>'/);
});

test("parts make up what was stored, or are refused", async ({ redis, connection }) => {
  const parts = openParts(connection);
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const large = new Uint8Array(2_500_000).map((_, k) => bytes[k % bytes.length] as number);
  const stored = await parts.store(large);
  assert.equal(await parts.load(stored), large);
  const { Redis: Client } = await import("ioredis");
  const client = new Client(redis.url.href);
  const keys = (await client.keys(`rethink:part:{${stored.sha256}}:*`)).sort();
  assert.is(keys.length, 3); // of 1 MiB
  await client.setrange(keys[1] as string, 7, "tampered");
  await parts.load(stored).then(
    () => assert.unreachable(),
    (error) => assert.instance(error, MismatchError),
  );
  await client.unlink(keys[0] as string);
  await parts.load(stored).then(
    () => assert.unreachable(),
    (error) => assert.instance(error, PartsGone),
  );
  client.disconnect();
  parts.close();
});

if (UNAVAILABLE) console.log(`skipped: ${UNAVAILABLE}`);
else test.run();
