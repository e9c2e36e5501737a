/** A recipe trained by a worker gives the model that it gives here; who stops hands it on. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { makeCheckpoint } from "../../src/cli/make-checkpoint.ts";
import { retrain } from "../../src/cli/retrain.ts";
import { trainPost } from "../../src/cli/train-post.ts";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { InputError, MismatchError } from "../../src/datasets/storage.ts";
import { CACHE } from "../../src/local/dataset.ts";
import type { Connection } from "../../src/queue/connection.ts";
import type { TrainingJob } from "../../src/queue/jobs.ts";
import { thisMachine } from "../../src/queue/machine.ts";
import { openParts } from "../../src/queue/parts.ts";
import { type CheckpointFiles, trainByWorkers } from "../../src/queue/training.ts";
import { startWorker } from "../../src/queue/worker.ts";
import type { TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";
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
