/** A server that answers with more than it should, or sends elsewhere, costs what was expected. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ask, connect } from "../../src/client/evaluations.ts";
import { boundedBody, withinOrigin } from "../../src/datasets/bounded-fetch.ts";
import { originStorage } from "../../src/datasets/origin.ts";
import { InputError } from "../../src/datasets/storage.ts";

/** 300 kB that are 300 MB of zeros. */
const BOMB = gzipSync(new Uint8Array(300 * 2 ** 20));
let elsewhere = "";
let secrets = 0;

async function listen(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const other = await listen((_, response) => {
  secrets++;
  response.end("what lies inside");
});
elsewhere = other.origin;
const hostile = await listen(({ url }, response) => {
  if (url === "/near") response.writeHead(302, { Location: "/here" }).end();
  else if (url === "/here") response.end("here");
  else if (url === "/round") response.writeHead(302, { Location: "/round" }).end();
  else if (url?.startsWith("/away") || url?.includes("away/evaluations"))
    response.writeHead(307, { Location: `${elsewhere}/x` }).end();
  else response.writeHead(200, { "Content-Encoding": "gzip" }).end(BOMB);
});

/** Runs a task and says how much memory it left, in MB. */
async function grown(task: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss;
  await task();
  return (process.memoryUsage().rss - before) / 2 ** 20;
}

async function refused(task: Promise<unknown>, reason: RegExp): Promise<void> {
  const error = await task.then(
    () => undefined,
    (error) => error,
  );
  if (!(error instanceof InputError)) throw error ?? new Error("it was not refused");
  assert.match(error.message, reason);
}

const question = {
  checkpoint: "mlp-1x512.true",
  sha256: "a".repeat(64),
  split: "test",
  start: 0,
  end: 1000,
  runtime: "native",
} as const;

test("a body is read no further than was expected", async () => {
  const body = async (most: number) => await boundedBody(await fetch(hostile.origin), most);
  const megabytes = await grown(() => refused(body(2 ** 20), /more than the 1048576 bytes/));
  assert.ok(megabytes < 150, `${megabytes} MB`);
  assert.equal(await boundedBody(new Response("abc"), 3), new TextEncoder().encode("abc"));
  assert.is((await boundedBody(new Response(null), 0)).length, 0);
});

test("nor by verify --url, nor from an origin", async () => {
  const server = connect(new URL(hostile.origin));
  const storage = originStorage(hostile.origin, { tries: 1 });
  const megabytes = await grown(async () => {
    await refused(ask(server, question), /more than the 1048576 bytes/);
    // Deno leaves encoded what it asked to have as it is; that is no more than was sent.
    const whole = await storage.read("models/x/checkpoint.json").catch((error: unknown) => error);
    assert.ok(whole instanceof InputError || (whole as Uint8Array).length === BOMB.length);
    const range = storage.read("cifar10/test_batch.bin", 0, 3073);
    if (whole instanceof InputError) await refused(range, /more than the \d+ bytes/);
    else assert.is((await range).length, 3073);
  });
  assert.ok(megabytes < 250, `${megabytes} MB`);
});

test("a redirect is followed within an origin, and to no other", async () => {
  const get = withinOrigin(fetch);
  assert.is(await (await get(`${hostile.origin}/near`)).text(), "here");
  await refused(get(`${hostile.origin}/away`), /leads to another one/);
  await refused(get(`${hostile.origin}/round`), /more than 5 times/);
  await refused(
    ask(connect(new URL(hostile.origin)), { ...question, checkpoint: "away" }),
    /leads/,
  );
  await refused(originStorage(hostile.origin).read("away"), /leads to another one/);
  assert.is(secrets, 0);
});

test.after(() => {
  for (const { server } of [hostile, other]) {
    server.closeAllConnections();
    server.close();
  }
});
test.run();
