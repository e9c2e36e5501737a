/** What several ask for at once is done once, and a failure is nobody's but theirs. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project } from "../../../src/local/project.ts";
import type { Storage } from "../../../src/datasets/storage.ts";
import { sharedWork } from "../../../src/http/making/shared-work.ts";
import { openService } from "../service.ts";

const id = "theorem1.random-labels";

test("who asks meanwhile joins, who asks later has it done anew", async () => {
  const shared = sharedWork<number>();
  let done = 0;
  const work = async () => ++done;
  assert.equal(
    await Promise.all([shared("a", work), shared("b", work), shared("a", work)]),
    [1, 2, 1],
  );
  assert.is(await shared("a", work), 3);
});

test("what is there is looked up once for all who ask at once", async () => {
  let count = 0;
  const slow: Storage = {
    ...project,
    async exists(path) {
      count++;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return await project.exists(path);
    },
  };
  const { app } = openService({ project: slow });
  await app.request("/v1/claims");
  const one = count;
  const answers = Array.from({ length: 20 }, () => app.request("/v1/claims"));
  assert.ok((await Promise.all(answers)).every(({ status }) => status === 200));
  assert.is(count, 2 * one);
});

test("a failure is told to all who waited and not kept", async () => {
  const shared = sharedWork<number>();
  const failing = async () => {
    throw new Error("failed");
  };
  const all = await Promise.allSettled([shared("a", failing), shared("a", async () => 1)]);
  assert.equal(
    all.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.is(await shared("a", async () => 2), 2);
});

test("archives asked for at once are one, each file read once", async () => {
  const reads: string[] = [];
  const counted: Storage = {
    ...project,
    read: (path, ...range) => {
      reads.push(path);
      return project.read(path, ...range);
    },
  };
  const { app } = openService({ project: counted });
  const address = `/v1/checkpoints/${id}/archive.zip`;
  const answers = await Promise.all([1, 2, 3].map(() => app.request(address)));
  const tags = new Set(answers.map(({ headers }) => headers.get("ETag")));
  assert.is(tags.size, 1);
  assert.is(reads.filter((path) => path.endsWith("model.onnx")).length, 1);
});

test("equal evaluations that wait for their turn are computed once", async () => {
  const { app, service } = openService({ limits: { running: 1, waiting: 16, seconds: 60 } });
  const address = `/v1/checkpoints/${id}/evaluations/test?start=0&end=30`;
  const answers = await Promise.all([1, 2, 3, 4].map(() => app.request(address)));
  const texts = new Set(await Promise.all(answers.map((answer) => answer.text())));
  assert.is(texts.size, 1);
  const { text } = (await service.metrics?.page()) ?? { text: "" };
  assert.match(text, /_evaluated_images_total\{runtime="native"\} 30\n/);
});

test.run();
