/** Answers kept for a second: equal to the application's, but for what belongs to one request. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { microcached } from "../../../src/http/middleware/microcache.ts";
import { openService } from "../service.ts";

const ORIGIN = "http://rethink.test";
const EVALUATIONS = `${ORIGIN}/v1/checkpoints/theorem1.random-labels/evaluations`;
const ONE = `${EVALUATIONS}/test?start=0&end=10`;

/** A handler, what it logged and how often the application itself was asked. */
function open(prefix = "") {
  const { service, app, records } = openService({ prefix });
  const counts = { asked: 0 };
  const counted = {
    fetch: (request: Request) => {
      counts.asked++;
      return app.fetch(request);
    },
  };
  const handler = microcached(counted, service);
  const get = async (url: string, init?: RequestInit) => await handler(new Request(url, init));
  return { handler, get, records, counts, service };
}

/** Status, headers without those of one request, and body. */
async function read(response: Response) {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    if (name !== "x-request-id") headers[name] = value;
  });
  return {
    requestId: response.headers.get("X-Request-Id") as string,
    answer: { status: response.status, headers, body: await response.text() },
  };
}

const test = suite("microcache");

test("the second answer equals the first under a request id of its own, at once", async () => {
  const { handler, get, counts } = open();
  await get(ONE); // to load the model may take longer than anything is kept
  const first = await read(await get(ONE));
  counts.asked = 0;
  const again = handler(new Request(ONE));
  assert.instance(again, Response); // no promise
  const second = await read(again as Response);
  assert.equal(second.answer, first.answer);
  assert.is(first.answer.status, 200);
  assert.is(JSON.parse(first.answer.body).total, 10);
  assert.match(second.requestId, /^[0-9a-f]{16}-\d+$/);
  assert.is.not(second.requestId, first.requestId);
  assert.is(counts.asked, 0);
});

test("a prefix that the proxy leaves there keeps nothing from being kept", async () => {
  const { get, counts, records } = open("/re.think");
  const address = ONE.replace("/v1/", "/re.think/v1/");
  await get(address);
  await get(address);
  counts.asked = 0;
  assert.is((await get(address)).status, 200);
  assert.is(counts.asked, 0);
  assert.is(records.at(-1)?.path, records[0]?.path);
});

test("what is kept is logged and counted like what is computed", async () => {
  const { get, records, service } = open();
  const ids = [(await read(await get(ONE))).requestId, (await read(await get(ONE))).requestId];
  assert.equal(
    records.map(({ requestId, method, path, status }) => ({ requestId, method, path, status })),
    ids.map((requestId) => ({
      requestId,
      method: "GET",
      path: "/v1/checkpoints/theorem1.random-labels/evaluations/test",
      status: 200,
    })),
  );
  const { text } = (await service.metrics?.page()) ?? { text: "" };
  const route = "/v1/checkpoints/:id/evaluations/:split";
  assert.ok(text.includes(`_seconds_count{method="GET",route="${route}",status="200"} 2\n`));
});

test("another range, split or list is another answer", async () => {
  const { get } = open();
  for (const [address, total] of [
    [`${EVALUATIONS}/test?start=0&end=10`, 10],
    [`${EVALUATIONS}/test?start=0&end=11`, 11],
    [`${EVALUATIONS}/train?start=0&end=12`, 12],
    [`${EVALUATIONS}/train?start=0&end=12&predictions=true`, 12],
    [`${EVALUATIONS}/test?start=0&end=10`, 10],
  ] as const) {
    const answer = JSON.parse(await (await get(address)).text());
    assert.is(answer.total, total, address);
    assert.is("predictions" in answer, address.includes("predictions"), address);
    assert.is(answer.split, address.includes("train") ? "train" : "test");
  }
});

test("conditional and HEAD requests, and a client's own request id, reach the application", async () => {
  const { get, counts } = open();
  const etag = (await get(ONE)).headers.get("ETag") as string;
  const unchanged = await get(ONE, { headers: { "If-None-Match": etag } });
  assert.is(unchanged.status, 304);
  const head = await get(ONE, { method: "HEAD" });
  assert.is(head.status, 200);
  assert.is(await head.text(), "");
  const named = await get(ONE, { headers: { "X-Request-Id": "mine" } });
  assert.is(named.headers.get("X-Request-Id"), "mine");
  assert.is(counts.asked, 4);
});

test("errors and other routes are never kept", async () => {
  const { get, counts } = open();
  const addresses = [`${EVALUATIONS}/test?start=9&end=1`, `${ORIGIN}/v1/claims`];
  for (const address of [...addresses, ...addresses]) await (await get(address)).text();
  assert.is(counts.asked, 4);
});

test("after a second the application is asked again", async () => {
  const { get, counts } = open();
  await get(ONE);
  for (let k = 0; k < 100 && counts.asked === 1; k++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await get(ONE);
  }
  assert.is(counts.asked, 2);
});

test.run();
