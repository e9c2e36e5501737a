/** The bare fetch handler: models, fixtures and dataset over HTTP, wasm, no disk. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../../../src/local/dataset.ts";
import { project } from "../../../src/local/project.ts";
import { createHandler } from "../../../src/http/platforms/bare.ts";
import handler, { createFetchHandler } from "../../../src/http/platforms/fetch.ts";
import { serveStatic } from "../../static-server.ts";

const id = "theorem1.random-labels";
const dataset = await openDataset();
let healthy = true;

const host = await serveStatic((path) => (path.startsWith("cifar10/") ? dataset : project));
host.instead = (_, __, response) => {
  if (!healthy) response.writeHead(500).end("at /srv/secret");
  return !healthy;
};
test.after(host.close);

const environment = {
  RETHINK_LOG: "errors",
  RETHINK_ORIGIN: host.origin,
};
const ask = (path: string) => handler.fetch(new Request(`https://example.org${path}`), environment);

test("what cannot be opened is a problem, and opened anew for the next request", async () => {
  for (const wrong of [{}, { RETHINK_ORIGIN: "ftp://example.org" }]) {
    const response = await handler.fetch(new Request("https://example.org/livez"), wrong);
    assert.is(response.status, 503);
    assert.is((await response.json()).type, "/problems/data-unavailable");
  }
  // What deno serve gives in an environment's place; the process has one.
  const connection = { remoteAddr: { hostname: "127.0.0.1", port: 1 } };
  process.env.RETHINK_ORIGIN = environment.RETHINK_ORIGIN;
  const response = await handler.fetch(new Request("https://example.org/livez"), connection);
  delete process.env.RETHINK_ORIGIN;
  assert.is(response.status, 200);
});

test("what cannot be opened is answered like all else", async () => {
  const { fetch } = createFetchHandler();
  const asked = new Request("https://example.org/r/claims", { headers: { Accept: "text/html" } });
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  const environment = { RETHINK_ORIGIN: "", RETHINK_PREFIX: "/r" };
  const response = await fetch(asked, environment).finally(() => {
    console.log = log;
  });
  const problem = await response.json();
  assert.is(response.status, 503);
  assert.is(problem.type, "/r/problems/data-unavailable");
  assert.is(problem.requestId, response.headers.get("X-Request-Id"));
  assert.is(response.headers.get("Access-Control-Allow-Origin"), "*");
  assert.is(response.headers.get("Cache-Control"), "no-store");
  assert.is(response.headers.get("X-Content-Type-Options"), "nosniff");
  const [failed, answered, ...others] = lines.map((line) => JSON.parse(line));
  assert.equal(others, []);
  assert.match(failed.cause, /RETHINK_ORIGIN must be set/);
  assert.is(answered.status, 503);
  for (const { requestId } of [failed, answered]) assert.is(requestId, problem.requestId);
});

test("it evaluates and verifies", async () => {
  const path = `/v1/checkpoints/${id}/evaluations/train?start=990&end=1010`;
  const evaluation = await (await ask(path)).json();
  assert.is(evaluation.correct, 20);
  assert.is(evaluation.runtime.name, "wasm");
  const verification = await ask("/v1/claims/theorem-1/verification?shards=1&seed=3");
  assert.is((await verification.json()).report.verdicts[0].status, "reproduced");
});

test("it has what it has, and says so", async () => {
  const problem = await (await ask(`/v1/checkpoints/${id}/evaluations/test?runtime=native`)).json();
  assert.is(problem.detail, "runtime: this server has wasm");
  assert.is((await ask("/metrics")).status, 404);
});

test("an origin that fails is a problem, and nothing of it is told", async () => {
  healthy = false;
  const response = await ask(`/v1/checkpoints/${id}/evaluations/test?start=0&end=10`);
  const text = await response.text();
  healthy = true;
  assert.is(response.status, 503);
  assert.match(text, /data-unavailable/);
  assert.not.match(text, /secret|127\.0\.0\.1/);
  assert.is((await ask("/readyz")).status, 200);
});

test("without an origin it does not start", async () => {
  try {
    await createHandler({}, { openRuntimes: async () => [] });
    assert.unreachable("it started");
  } catch (error) {
    assert.match((error as Error).message, /RETHINK_ORIGIN/);
  }
});

test("clients are told apart by what the platform's proxy says of them", async () => {
  const { fetch } = await createHandler(
    { ...environment, RETHINK_PROXIES: "1", RETHINK_EVALUATIONS: "1", RETHINK_WAITING: "3" },
    { openRuntimes: async () => [] },
  );
  const uploads: ReadableStreamDefaultController[] = [];
  /** A body that does not end: 429 if it is refused, or "taken". */
  const upload = async (from: string) =>
    await new Promise((told) => {
      const start = (stream: ReadableStreamDefaultController) => void uploads.push(stream);
      const body = new ReadableStream({ start, pull: () => told("taken") }, { highWaterMark: 0 });
      const headers = { "X-Forwarded-For": `192.0.2.9, ${from}` };
      const init = { method: "POST", body, duplex: "half", headers } as RequestInit;
      const answer = fetch(new Request(`https://example.org/v2/models/${id}/infer`, init));
      void Promise.resolve(answer).then(({ status }) => told(status));
    });
  // (1 + 3) / 2 = 2 at once are one client's
  const answers = [];
  for (const from of ["192.0.2.1:1111", "::ffff:192.0.2.1", "192.0.2.1", "2001:db8::1"])
    answers.push(await upload(from));
  assert.equal(answers, ["taken", "taken", 429, "taken"]);
  for (const stream of uploads) stream.error(new Error("it leaves"));
});

test.run();
