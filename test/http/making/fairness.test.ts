/** What one client takes is not taken from the others, and what many ask for is computed once. */

import type { Context } from "hono";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Problem } from "../../../src/http/answers/problem.ts";
import { setAsker } from "../../../src/http/making/asker.ts";
import { joinedWork } from "../../../src/http/making/joined-work.ts";
import { createLimiter } from "../../../src/http/making/limiter.ts";
import { openService } from "../service.ts";

/** A signal of a client's. */
function by(client: string): AbortSignal {
  const { signal } = new AbortController();
  setAsker(signal, { env: { client } } as unknown as Context);
  return signal;
}

const never = () => new Promise<void>(() => {});
const settled = async (work: Promise<unknown>) => {
  const late = new Promise((resolve) => setTimeout(() => resolve("waits"), 20));
  return await Promise.race([work.catch((error: unknown) => error), late]);
};

test("one client leaves a place to run, and others take what it has too much of where one waits", async () => {
  const limiter = createLimiter({ running: 2, waiting: 16 });
  const hers = Array.from({ length: 30 }, () => limiter.run(by("hog"), never));
  const refused = await Promise.all(hers.map(settled));
  assert.is(refused.filter((one) => one instanceof Problem).length, 12); // 18 are there
  assert.is(limiter.running(), 1);
  assert.is(await limiter.run(by("other"), async () => 7), 7);
  void limiter.run(by("other"), never).catch(() => {});
  const waits = limiter.run(by("third"), async () => 8);
  assert.is(await settled(waits), "waits"); // both run; it took a place of the hog's
  assert.is(
    (await Promise.all(hers.map(settled))).filter((one) => one instanceof Problem).length,
    14,
  );
});

test("who asks at a page's address is the same client there, and ends the work by leaving", async () => {
  const { app, service } = openService();
  const client = new AbortController();
  const answers = [1, 2, 3].map((seed) =>
    app.request(
      `/claims/theorem-1/verification?full=true&seed=${seed}`,
      { headers: { Accept: "text/html" }, signal: client.signal },
      { client: "one" },
    ),
  );
  while (service.limiter.taken() < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.is(service.limiter.running(), 1);
  client.abort();
  await Promise.all(answers);
  while (service.limiter.taken() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("who runs least runs next", async () => {
  const limiter = createLimiter({ running: 3, waiting: 16 });
  const order: string[] = [];
  let end = () => {};
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  const all = ["a", "a", "b", "a", "a", "c"].map((client) =>
    limiter.run(by(client), async () => {
      order.push(client);
      await held;
    }),
  );
  await Promise.resolve();
  assert.equal(order, ["a", "a", "b"]);
  end();
  await Promise.all(all);
  assert.is(order[3], "c");
});

test("of streams opened at once no more start than there is room for", async () => {
  const { app } = openService({ limits: { running: 2, waiting: 3, seconds: 60 } });
  const headers = { Accept: "text/event-stream" };
  const path = "/v1/claims/theorem-1/verification?shards=1&seed=";
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, k) => app.request(path + k, { headers }, { client: "one" })),
  );
  const statuses = answers.map(({ status }) => status);
  await Promise.all(answers.map((answer) => answer.text()));
  const started = statuses.filter((status) => status === 200).length;
  // Deno opens them so slowly that the first have ended, and left their places, before the last come.
  assert.ok("Deno" in globalThis ? started >= 5 && started < 20 : started === 5, `${started}`);
  assert.is(statuses.filter((status) => status === 429).length, 40 - started);
});

test("one client's slow bodies are cut, and leave others theirs", async () => {
  const limiter = createLimiter({ running: 2, waiting: 16 });
  const bodies = Array.from({ length: 18 }, () => limiter.receive(never, "hog"));
  const refused = (await Promise.all(bodies.map(settled))).filter((one) => one instanceof Problem);
  assert.is(refused.length, 9);
  assert.is(await limiter.receive(async () => 7, "other"), 7);
});

test("a body that all but stops is refused", async () => {
  const { app } = openService();
  const body = new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode("{")) });
  const answer = await app.request("/v2/models/mlp-1x512.true/infer", {
    method: "POST",
    body,
    duplex: "half",
  } as RequestInit);
  assert.is(answer.status, 408);
  assert.match((await answer.json()).detail, /^send at least 16384 bytes a second$/);
});

test("what a hundred ask for is computed once, whoever of them leaves", async () => {
  const { app, service } = openService();
  const address = "/v1/checkpoints/theorem1.random-labels/evaluations/test?start=0&end=40";
  const first = new AbortController();
  const gone = Promise.resolve(app.request(address, { signal: first.signal })).catch(() => {});
  const others = Array.from({ length: 99 }, (_, k) =>
    app.request(address, {}, { client: `client ${k}` }),
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  first.abort();
  const answers = await Promise.all(others);
  assert.ok(answers.every(({ status }) => status === 200));
  await gone;
  const { text } = (await service.metrics?.page()) ?? { text: "" };
  assert.match(text, /_evaluated_images_total\{runtime="native"\} 40\n/);
});

test("a verification that a hundred ask for, as streams or not, is computed once, and each told of every shard", async () => {
  const { app, service } = openService();
  const address = "/v1/claims/theorem-1/verification?shards=1&seed=5";
  const first = new AbortController();
  const gone = Promise.resolve(app.request(address, { signal: first.signal })).catch(() => {});
  const asked = Array.from({ length: 99 }, (_, k) => {
    const headers = { Accept: k % 2 ? "text/event-stream" : "application/json" };
    return app.request(address, { headers }, { client: `client ${k % 3}` });
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  first.abort();
  const answers = await Promise.all(asked);
  assert.ok(answers.every(({ status }) => status === 200));
  const [json, stream, ...others] = await Promise.all(answers.map((answer) => answer.text()));
  assert.equal(new Set([json, stream, ...others]).size, 2);
  assert.is(stream?.match(/^event: shard$/gm)?.length, 2);
  assert.ok(stream?.includes(`event: verification\ndata: ${json}\n`));
  assert.is(service.limiter.taken(), 0);
  await gone;
  const { text } = (await service.metrics?.page()) ?? { text: "" };
  assert.match(text, /_evaluated_images_total\{runtime="native"\} 2000\n/);
});

test("work that nobody waits for any more ends", async () => {
  const { join } = joinedWork<void>();
  const [one, two] = [new AbortController(), new AbortController()];
  let ended: AbortSignal | undefined;
  const work = (signal: AbortSignal) => {
    ended = signal;
    return never();
  };
  const both = [one, two].map(({ signal }) => join("key", signal, work).catch(() => "left"));
  one.abort();
  assert.is(await both[0], "left");
  assert.not.ok(ended?.aborted);
  two.abort();
  assert.is(await both[1], "left");
  assert.ok(ended?.aborted);
});

test("eight million numbers, and an id of 15 kB, are refused before they are looked at", async () => {
  const { app } = openService();
  const infer = (body: string) =>
    app.request("/v2/models/mlp-1x512.true/infer", { method: "POST", body });
  const input = (shape: string) =>
    `{"inputs":[{"name":"images","datatype":"UINT8","shape":[${shape}],"data":[]}]}`;
  const many = await infer(input(`${"1,".repeat(8_000_000)}1`));
  assert.is(many.status, 400);
  assert.match((await many.json()).detail, /commas; send \d+ at most$/);
  const fewer = await infer(input(`${"1,".repeat(3_000_000)}1`));
  assert.match((await fewer.json()).detail, /inputs\.0\.shape: it must be an array of 8 elements/);
  const unknown = await app.request(`/v1/checkpoints/${"x".repeat(15_000)}`);
  assert.is(unknown.status, 404);
  assert.ok((await unknown.text()).length < 500);
});

test.run();
