/** Verifications: asked again, expected to come out so, and as events. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { getRequestListener } from "@hono/node-server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { get, open } from "../../../scripts/raw-http.ts";
import { importPrivateKey, newPrivateKey } from "../../../src/receipts/keys.ts";
import { BUNDLE_TYPE } from "../../../src/receipts/receipt.ts";
import { openService } from "../service.ts";

const signingKey = await importPrivateKey(await newPrivateKey(), "key");
const { app, service } = openService({ signingKey });
const { limiter } = service;
const address = "/v1/claims/theorem-1/verification?shards=1";
const events = { headers: { Accept: "text/event-stream" } };

/** How often the models were run for the requests. */
async function computed(ask: () => Promise<unknown>): Promise<number> {
  const { run } = limiter;
  let times = 0;
  limiter.run = (...task) => {
    times++;
    return run(...task);
  };
  await ask().finally(() => {
    limiter.run = run;
  });
  return times;
}

test("a verification with a seed is computed once, whoever asks again and how", async () => {
  let first = "";
  let second = "";
  let stream = "";
  const times = await computed(async () => {
    first = await (await app.request(`${address}&seed=7`)).text();
    second = await (await app.request(`${address}&seed=7`)).text();
    stream = await (await app.request(`${address}&seed=7`, events)).text();
  });
  assert.is(times, 1);
  assert.is(second, first);
  assert.is(stream.match(/^event: shard$/gm)?.length, 2); // told again
  assert.ok(stream.includes(`event: verification\ndata: ${first}\nid: done\n`));
});

test("without a seed, and with another, it is computed anew", async () => {
  const times = await computed(async () => {
    for (const query of ["", "", "&seed=8"]) await (await app.request(address + query)).text();
  });
  assert.is(times, 3);
});

test("the status tells whether the verdict is the expected one", async () => {
  const ask = (query: string, accept = "application/json", method = "GET") =>
    app.request(`${address}&seed=7&${query}`, { method, headers: { Accept: accept } });
  assert.is((await ask("expect=reproduced")).status, 200);
  const receipt = await ask("expect=reproduced", BUNDLE_TYPE);
  assert.is(receipt.status, 200);
  for (const type of ["application/json", BUNDLE_TYPE]) {
    const other = await ask("expect=not-reproduced", type);
    assert.is(other.status, 409);
    const { type: problem, detail } = await other.json();
    assert.is(problem, "/problems/other-verdict");
    assert.is(detail, "the claim is reproduced");
  }
  assert.is((await ask("expect=fine")).status, 400);
  assert.is((await ask("expect=reproduced", "text/event-stream")).status, 400);
  assert.is((await ask("expect=reproduced", "application/json", "HEAD")).status, 400);
});

test("what a client has is no excuse for a verdict that it does not expect", async () => {
  const ETag = (await app.request(`${address}&seed=7`)).headers.get("ETag") as string;
  const headers = { "If-None-Match": ETag };
  assert.is((await app.request(`${address}&seed=7`, { headers })).status, 304);
  const guarded = await app.request(`${address}&seed=7&expect=not-reproduced`, { headers });
  assert.is(guarded.status, 409);
});

test("nothing is computed for who wants another tag than the answer has, or any where it has none", async () => {
  const ETag = (await app.request(`${address}&seed=7`)).headers.get("ETag") as string;
  const ask = async (query: string, accept: string, wanted: string) => {
    const headers = { Accept: accept, "If-Match": wanted };
    const response = await app.request(address + query, { headers });
    await response.text();
    return response.status;
  };
  const JSON_TYPE = "application/json";
  const times = await computed(async () => {
    for (const [query, accept] of [
      ["", JSON_TYPE],
      ["&expect=reproduced", JSON_TYPE],
      ["&seed=7", BUNDLE_TYPE],
      ["&seed=7", "text/event-stream"],
    ] as const) {
      assert.is(await ask(query, accept, ETag), 412, query + accept);
    }
    for (const query of ["&seed=7", "&seed=7&expect=reproduced"]) {
      assert.is(await ask(query, JSON_TYPE, '"x"'), 412, query);
      assert.is(await ask(query, JSON_TYPE, ETag), 200, query);
    }
  });
  assert.is(times, 0);
  assert.is(await ask("", JSON_TYPE, "*"), 200);
});

test("the reason is told where a claim is not reproduced", async () => {
  const claim = "/v1/claims/table-4.mlp-1x512.random-labels.wd/verification";
  const response = await app.request(`${claim}?shards=1&seed=1&expect=reproduced`);
  assert.is(response.status, 409);
  assert.match((await response.json()).detail, /^the claim is not-reproduced: fits/);
});

test("a stream begins with a comment, before its turn comes", async () => {
  const ends: (() => void)[] = [];
  const held = () => new Promise<void>((resolve) => ends.push(resolve));
  const client = () => new AbortController().signal; // another each, who takes a place of its own
  const busy = [limiter.run(client(), held), limiter.run(client(), held)];
  const response = await app.request(`${address}&seed=9`, events);
  assert.is(response.headers.get("X-Accel-Buffering"), "no");
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const { value } = await reader.read();
  assert.match(new TextDecoder().decode(value), /^: .*\n\n$/);
  for (const end of ends) end();
  await Promise.all(busy);
  while (!(await reader.read()).done);
});

test("how a stream is framed is the connection's: HTTP/1.0 knows no chunks", async () => {
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    for (const [version, chunked] of [
      ["1.0", false],
      ["1.1", true],
    ] as const) {
      const accept = "Accept: text/event-stream\r\nConnection: close\r\n\r\n";
      const asked = get(`${address}&seed=7`).replace("HTTP/1.1", `HTTP/${version}`).trimEnd();
      const answer = await text(open(`http://127.0.0.1:${port}`, `${asked}\r\n${accept}`));
      const [head = "", body = ""] = answer.split(/\r\n\r\n(.*)/s);
      assert.match(head, /^connection: close$/im);
      assert.is(/^transfer-encoding: chunked/im.test(head), chunked, version);
      assert.match(body, chunked ? /^e\r\n: it goes on\n/ : /^: it goes on\n/); // 14 bytes
      assert.match(body, "event: verification");
    }
  } finally {
    server.close();
  }
});

test.run();
