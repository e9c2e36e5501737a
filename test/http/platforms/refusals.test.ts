/** What Node would refuse by itself: the application answers it, in its turn, and it is logged and counted. */
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { get, open } from "../../../scripts/raw-http.ts";
import { serverOf } from "../../../src/http/platforms/node.ts";
import { openService } from "../service.ts";

const EVALUATION = "/v1/checkpoints/theorem1.random-labels/evaluations/test?start=0&end=97";
const INFER = "POST /v2/models/theorem1.random-labels/infer HTTP/1.1\r\nHost: x\r\n";
const CONNECT = "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n";
const NO_HOST = "GET /livez HTTP/1.1\r\n\r\n";

/** What each is answered with: status, problem, detail. */
const REFUSED: [name: string, sent: string, status: number, type: string, detail: RegExp][] = [
  ["two hosts", get("/livez", "host: y"), 400, "bad-parameter", /^Host: .*more than once/],
  ["two hosts of a kept answer", get(EVALUATION, "Host: y"), 400, "bad-parameter", /^Host/],
  ["no host", NO_HOST, 400, "bad-parameter", /^Host: it is missing/],
  ["a host of two words", get("/").replace("x", "a b"), 400, "bad-parameter", /^Host/],
  ["a port too high", get("/").replace("x", "a:99999"), 400, "bad-parameter", /^Host/],
  ["no path", get("*").replace("GET", "OPTIONS"), 400, "bad-parameter", /address/],
  ["TRACE", get("*").replace("GET", "TRACE"), 400, "bad-parameter", /address/],
  ["an expectation", get("/livez", "Expect: foo"), 417, "expectation-failed", /^Expect: 100-con/],
  ["a head too large", get("/", `X: ${"x".repeat(2e4)}`), 431, "head-too-large", /16384 bytes/],
  ["a tunnel", CONNECT, 405, "method-not-allowed", /^CONNECT: .*no proxy/],
  ["a head too slow", get("/").slice(0, -2), 408, "head-too-slow", /all of it at once/],
  ["no method", "G@T / HTTP/1.1\r\n\r\n", 400, "bad-request", /method/],
  [
    "a chunk without a length",
    `${INFER}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nx\r\n`,
    400,
    "bad-parameter",
    /^body: it ends early/,
  ],
];

/** Answers of a connection, one after the other, none of which is in chunks. */
function answersIn(stream: string) {
  return stream
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .map((answer) => answer.split("\r\n\r\n"))
    .map(([head = "", body = ""]) => ({
      status: Number(head.slice(9, 12)),
      head,
      header: (name: string) => new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1]?.trim(),
      body,
    }));
}

if ("Deno" in globalThis) console.log("skipped: refusals: they are Node's");
else {
  const { service, records } = openService({ prefix: "/r" });
  const settings = { host: "localhost", proxies: 0, connections: { most: 10, stalled: 10 } };
  const times = { headersTimeout: 1000, connectionsCheckingInterval: 100 };
  const { server } = serverOf(service, settings, times);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  test.after(() => void server.close());
  const ask = async (sent: string) => answersIn(await text(open(origin, sent)));

  for (const [name, sent, status, type, detail] of REFUSED) {
    test(`${name}: ${status}, as a problem document that is logged and counted`, async () => {
      if (name.includes("kept"))
        assert.is((await ask(get(EVALUATION, "Connection: close"))).length, 1);
      records.length = 0;
      const [answer, ...others] = await ask(sent);
      assert.equal(others, []);
      assert.is(answer?.status, status);
      assert.is(answer?.header("Content-Type"), "application/problem+json");
      assert.is(answer?.header("Connection"), "close");
      assert.is(answer?.header("Cache-Control"), "no-store");
      assert.is(answer?.header("Access-Control-Allow-Origin"), "*");
      assert.is(answer?.header("Content-Length"), `${answer?.body.length}`);
      const problem = JSON.parse(answer?.body ?? "");
      assert.is(problem.type, `/r/problems/${type}`);
      assert.is(problem.status, status);
      assert.match(problem.detail, detail);
      assert.is(problem.requestId, answer?.header("X-Request-Id"));
      assert.equal(
        records.map((record) => [record.requestId, record.status]),
        [[problem.requestId, status]],
      );
    });
  }

  test("each is counted", async () => {
    const { text: page } = (await service.metrics?.page()) ?? { text: "" };
    const counts = page.matchAll(/_seconds_count\{[^}]*status="(4\d\d)"\} (\d+)/g);
    const found = [...counts].reduce((sum, [, , count]) => sum + Number(count), 0);
    assert.is(found, REFUSED.length);
  });

  test("what is no HTTP is refused after the answers to what came before", async () => {
    for (const [before, last, status] of [
      [1, "G@T / HTTP/1.1\r\n\r\n", 400],
      [3, "G@T / HTTP/1.1\r\n\r\n", 400],
      [3, `${CONNECT}what the tunnel carries`, 405],
    ] as const) {
      const answers = await ask(get(EVALUATION).repeat(before) + last);
      assert.equal(
        answers.map(({ status }) => status),
        [...Array(before).fill(200), status],
      );
      for (const { status, body } of answers)
        if (status === 200) assert.is(JSON.parse(body).total, 97);
    }
  });

  test("who says nothing is no request, and HTTP/1.0 needs no host", async () => {
    records.length = 0;
    open(origin, "").destroy();
    assert.is(await text(open(origin, "")), ""); // it is cut off when no head has come
    const [old] = await ask(NO_HOST.replace("1.1", "1.0"));
    assert.is(old?.status, 200);
    const [first, second] = await ask(get("/livez", "Expect: 100-continue", "Connection: close"));
    assert.equal([first?.status, second?.status], [100, 200]);
    assert.equal(
      records.map(({ status }) => status),
      [200, 200],
    );
  });
  test.run();
}
