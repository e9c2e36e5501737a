/** A recipe trained by a worker gives the model that it gives here; who stops hands it on. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
import { CACHE } from "../../src/local/dataset.ts";
import { type Connection, PREFIX } from "../../src/queue/connection.ts";
import type { TrainingJob } from "../../src/queue/jobs.ts";
import { thisMachine } from "../../src/queue/machine.ts";
import { openParts } from "../../src/queue/parts.ts";
import { type CheckpointFiles, trainByWorkers } from "../../src/queue/training.ts";
import { startWorker } from "../../src/queue/worker.ts";
import type { TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";
import { ROOT } from "../home.ts";
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

test("where models/ID cannot be written nothing is handed out", async ({ redis }) => {
  const home = mkdtempSync(join(tmpdir(), "rethink-"));
  writeFileSync(join(home, "models"), "no folder");
  const args = ["--import", "tsx", "src/cli/main.ts", "train", id, "--queue", redis.url.href];
  const run = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, RETHINK_HOME: home },
    timeout: 120_000, // it would wait for a worker
  });
  rmSync(home, { recursive: true });
  assert.is(run.status, 2, run.stderr);
  assert.match(run.stderr, /^rethink: cannot write \S+models\/mlp-1x512\.true\/model\.onnx/);
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
  await parts.remove(stored);
  assert.is(await client.exists(...keys), 0);
  client.disconnect();
  parts.close();
});

if (UNAVAILABLE) console.log(`skipped: ${UNAVAILABLE}`);
else test.run();
