/** The same requests to the application itself, to a Node server and to a Deno server. */
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkpointsOf } from "../../src/claims/claim.ts";
import { CLAIMS } from "../../src/claims/claims.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { readLabels } from "../../src/datasets/view.ts";
import { hits } from "../../src/evaluation/evaluate.ts";
import { publishedIds, readCheckpoint } from "../../src/evaluation/published.ts";
import { canonicalDigest } from "../../src/recipe.ts";
import { refused } from "./refused.ts";
import { startServer } from "./server.ts";
import { openService } from "./service.ts";

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

const root = fileURLToPath(new URL("../../", import.meta.url));
const id = "theorem1.random-labels";
const at = `/v1/checkpoints/${id}`;
const model = await project.read(`models/${id}/model.onnx`);
const sha256 = await sha256Hex(model);
const etag = `"sha256-${sha256}"`;
const published = await publishedIds(project);
const dataset = await openDataset();

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const digestField = (hex: string) => `sha-256=:${Buffer.from(hex, "hex").toString("base64")}:`;

/** Events of a stream, in order. */
async function eventsOf(response: Response) {
  return (await response.text())
    .split("\n\n")
    .filter((block) => block.includes("data:"))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1],
      id: /^id: (.*)$/m.exec(block)?.[1],
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? ""),
    }));
}

function endpoint(name: string, open: () => Promise<{ ask: Ask; close(): Promise<void> }>) {
  const test = suite(name);
  let ask: Ask;
  let close: () => Promise<void>;
  test.before(async () => {
    ({ ask, close } = await open());
  });
  test.after(() => close());
  const json = async (path: string, init?: RequestInit) => (await ask(path, init)).json();

  test("it is alive and ready", async () => {
    assert.is(await (await ask("/livez")).text(), "ok");
    assert.is((await ask("/readyz")).status, 200);
    assert.match(await (await ask("/metrics")).text(), /rethink_evaluations_running 0/);
  });

  test("claims and checkpoints are listed", async () => {
    const { claims } = await json("/v1/claims");
    assert.equal(
      claims.map((claim: { id: string }) => claim.id),
      CLAIMS.map((claim) => claim.id),
    );
    assert.equal((await json("/v1/claims/theorem-1")).checkpoints, [{ id, published: true }]);
    const { checkpoints } = await json("/v1/checkpoints");
    assert.equal(
      checkpoints.map((checkpoint: { id: string }) => checkpoint.id),
      published,
    );
    const { checkpoint, fixture } = await json(at);
    assert.equal(checkpoint, await readCheckpoint(project, id));
    assert.is(fixture.sha256, sha256);
    assert.is((await json("/v1/datasets")).datasets[0].splits.train, 50_000);
  });

  test("a list is revalidated by its tag", async () => {
    const tag = (await ask("/v1/claims")).headers.get("ETag") ?? "";
    const again = await ask("/v1/claims", { headers: { "If-None-Match": `"x", W/${tag}` } });
    assert.is(again.status, 304);
    assert.is(await again.text(), "");
  });

  test("what If-Match names must be there", async () => {
    for (const path of ["/v1/claims", `${at}/evaluations/test?start=0&end=10`]) {
      const tag = (await ask(path)).headers.get("ETag") ?? "";
      const asked = async (wanted: string) => await ask(path, { headers: { "If-Match": wanted } });
      assert.is((await asked(`"x", ${tag}`)).status, 200, path);
      const other = await asked('"x"');
      assert.is(other.status, 412, path);
      assert.is((await other.json()).type, "/problems/precondition-failed");
    }
  });

  test("the model file carries its digests", async () => {
    const response = await ask(`${at}/model.onnx`);
    assert.is(await sha256Hex(await bytesOf(response)), sha256);
    assert.is(response.headers.get("ETag"), etag);
    assert.is(response.headers.get("Repr-Digest"), digestField(sha256));
    assert.is(response.headers.get("Content-Digest"), digestField(sha256));
    assert.is(response.headers.get("Cache-Control"), "public, no-cache");
    const pinned = await ask(`${at}/model.onnx?sha256=${sha256}`);
    assert.match(pinned.headers.get("Cache-Control") ?? "", /^public, .*immutable$/);
    await pinned.body?.cancel();
  });

  test("HEAD tells size and digest", async () => {
    const response = await ask(`${at}/model.onnx`, { method: "HEAD" });
    assert.is(response.status, 200);
    assert.is(response.headers.get("Content-Length"), `${model.length}`);
    assert.is(response.headers.get("Repr-Digest"), digestField(sha256));
    assert.is(await response.text(), "");
  });

  test("HEAD tells the length that GET has, or none", async () => {
    for (const path of ["/livez", "/metrics", "/nope", "/v1/claims", "/v2"]) {
      const head = await ask(path, { method: "HEAD" });
      const get = await ask(path);
      assert.is(head.status, get.status, path);
      assert.is(await head.text(), "");
      const { length } = await bytesOf(get);
      const told = head.headers.get("Content-Length") ?? `${length}`;
      if (path !== "/metrics") assert.is(told, `${length}`, path); // that grows
      assert.is.not(told, "0", path);
    }
    const { headers } = await ask("/v1/claims");
    const known = { "If-None-Match": headers.get("ETag") ?? "" };
    assert.is((await ask("/v1/claims", { method: "HEAD", headers: known })).status, 304);
  });

  test("ranges of the model file", async () => {
    const size = model.length;
    const cases: [Record<string, string>, number, number?, number?][] = [
      [{ Range: "bytes=10-19" }, 206, 10, 20],
      [{ Range: "bytes=-5" }, 206, size - 5, size],
      [{ Range: `bytes=${size - 3}-` }, 206, size - 3, size],
      [{ Range: `bytes=5-${"9".repeat(400)}` }, 206, 5, size],
      [{ Range: "bytes=0-0", "If-Range": etag }, 206, 0, 1],
      [{ Range: "bytes=0-0", "If-Range": '"another"' }, 200],
      [{ Range: "bytes=0-1,3-4" }, 200],
      [{ Range: "lines=0-1" }, 200],
      [{ Range: `bytes=${size}-` }, 416],
      [{ Range: "bytes=9-3" }, 416],
      [{ Range: "bytes=-0" }, 416],
      [{ Range: "bytes=x-y" }, 416],
      [{ "If-None-Match": etag, Range: "bytes=0-0" }, 304],
      [{ "If-Match": '"another"' }, 412],
    ];
    for (const [headers, status, start, end] of cases) {
      const response = await ask(`${at}/model.onnx`, { headers });
      const bytes = await bytesOf(response);
      const about = JSON.stringify(headers);
      assert.is(response.status, status, about);
      if (status === 200) assert.is(bytes.length, size, about);
      if (status === 416) assert.is(response.headers.get("Content-Range"), `bytes */${size}`);
      if (start === undefined || end === undefined) continue;
      const part = model.slice(start, end);
      assert.equal(bytes, part, about);
      assert.is(response.headers.get("Content-Range"), `bytes ${start}-${end - 1}/${size}`);
      assert.is(response.headers.get("Content-Digest"), digestField(await sha256Hex(part)));
      assert.is(response.headers.get("Repr-Digest"), digestField(sha256));
    }
  });

  test("counts of ranges add up to the count of the whole", async () => {
    const count = async (start: number, end: number) =>
      await json(
        `${at}/evaluations/test?start=${start}&end=${end}&predictions=true&misclassified=true`,
      );
    const [first, second, whole] = [
      await count(940, 990),
      await count(990, 1040),
      await count(940, 1040),
    ];
    assert.is(first.correct + second.correct, whole.correct);
    assert.equal([...first.predictions, ...second.predictions], whole.predictions);
    assert.equal([...first.misclassified, ...second.misclassified], whole.misclassified);
    assert.is(whole.total, 100);
    assert.is(whole.misclassified.length, 100 - whole.correct);
    const stored = await project.read(`fixtures/predictions/${id}.test.bin`, 940, 1040);
    assert.equal(whole.predictions, [...stored]);
    assert.is(whole.predictionsSha256, await sha256Hex(stored));
  });

  test("an answer is of its checkpoint, and tells hits on true labels too", async () => {
    const path = (of: string) => `/v1/checkpoints/${of}/evaluations/train?start=200&end=260`;
    const answers = await Promise.all(
      [id, "mlp-1x512.random-labels"].map(async (of) => {
        const response = await ask(`${path(of)}&predictions=true`);
        const found = await response.json();
        assert.is(found.checkpoint, of);
        return { ...found, tag: response.headers.get("ETag") };
      }),
    );
    assert.is(new Set(answers.map((found) => found.sha256)).size, 2);
    assert.is(new Set(answers.map((found) => found.tag)).size, 2);
    const { view } = answers[0];
    const { labels, given } = await readLabels(dataset, view, "train", 200, 260);
    for (const { predictions, correct, correctOnTrueLabels } of answers) {
      assert.is(correct, hits(Uint8Array.from(predictions), given));
      assert.is(correctOnTrueLabels, hits(Uint8Array.from(predictions), labels));
      assert.ok(correctOnTrueLabels < correct);
    }
  });

  test("both runtimes fit the training labels", async () => {
    for (const runtime of ["native", "wasm"]) {
      const found = await json(`${at}/evaluations/train?start=0&end=60&runtime=${runtime}`);
      assert.is(found.correct, 60);
      assert.is(found.runtime.name, runtime);
      assert.is(found.sha256, sha256);
    }
  });

  test("an evaluation is cached by what decides it", async () => {
    const path = `${at}/evaluations/train?start=100&end=120`;
    const response = await ask(`${path}&sha256=${sha256}`);
    assert.is(response.headers.get("Cache-Control"), "public, no-cache"); // the runtime may change
    const tag = response.headers.get("ETag") ?? "";
    await response.text();
    for (const same of [path, `${path}&sha256=${sha256}`]) {
      const again = await ask(same, { headers: { "If-None-Match": tag } });
      assert.is(again.status, 304);
    }
    const head = await ask(path, { method: "HEAD" });
    assert.is(head.headers.get("ETag"), tag);
    const other = await ask(`${path}&runtime=wasm`, { headers: { "If-None-Match": tag } });
    assert.is(other.status, 200);
    await other.text();
  });

  test("a seeded verification is the same each time and may be cached", async () => {
    const path = "/v1/claims/theorem-1/verification?shards=1&seed=3";
    const response = await ask(path);
    const text = await response.text();
    assert.not.match(response.headers.get("Cache-Control") ?? "", /no-store/);
    const answer = JSON.parse(text);
    assert.is(answer.digest, await canonicalDigest(answer.report));
    assert.is(answer.report.verdicts[0].status, "reproduced");
    assert.is(answer.report.counted, true);
    assert.equal(
      answer.runtimes.map((runtime: { package: string }) => runtime.package),
      ["onnxruntime-node", "onnxruntime-web"],
    );
    assert.is(await (await ask(path)).text(), text);
    const tag = response.headers.get("ETag") ?? "";
    assert.is((await ask(path, { headers: { "If-None-Match": tag } })).status, 304);
  });

  test("without a seed it is computed anew and not cached", async () => {
    const response = await ask("/v1/claims/theorem-1/verification?shards=1");
    assert.is(response.headers.get("Cache-Control"), "no-store");
    const { report, times } = await response.json();
    assert.is(report.sampling.shards, 1);
    assert.is(report.matched, true);
    assert.type(times.seconds, "number");
  });

  test("progress is streamed, then the same answer", async () => {
    const path = "/v1/claims/theorem-1/verification?shards=1&seed=3";
    const response = await ask(path, { headers: { Accept: "text/event-stream" } });
    assert.match(response.headers.get("Content-Type") ?? "", /^text\/event-stream/);
    assert.is(response.headers.get("Cache-Control"), "no-store");
    const events = await eventsOf(response);
    assert.equal(
      events.map(({ event, id }) => [event, id]),
      [
        ["shard", undefined],
        ["shard", undefined],
        ["verification", "done"],
      ],
    );
    assert.is(events[1]?.data.done, 2);
    assert.is(events[1]?.data.of, 2);
    assert.equal(events[2]?.data, await json(path));
  });

  test("a stream that has ended is not begun again", async () => {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": "done" };
    const response = await ask("/v1/claims/theorem-1/verification?shards=1", { headers });
    assert.is(response.status, 204); // HTML standard, section 9.2: it stops an EventSource
    assert.is(await response.text(), "");
  });

  test("a claim of which nothing is published is not evaluated", async () => {
    const claim = CLAIMS.find((one) => !checkpointsOf(one).some((c) => published.includes(c)));
    const response = await ask(`/v1/claims/${claim?.id}/verification?seed=1`);
    assert.is(response.status, 200);
    const { report } = await response.json();
    assert.is(report.verdicts[0].status, "not-evaluated");
    assert.is(report.matched, false);
    assert.is(report.passed, false);
  });

  for (const [path, status, type, detail] of refused(at, sha256)) {
    test(`${path.slice(0, 80)} is ${type}`, async () => {
      const response = await ask(path);
      const problem = await response.json();
      assert.is(response.status, status);
      assert.match(response.headers.get("Content-Type") ?? "", /^application\/problem\+json/);
      assert.is(problem.type, `/problems/${type}`);
      assert.is(problem.status, status);
      assert.match(problem.detail, detail);
      assert.is(problem.requestId, response.headers.get("X-Request-Id"));
      assert.not.match(JSON.stringify(problem), new RegExp(root));
      assert.is((await ask(problem.type, { redirect: "manual" })).status, 302);
    });
  }

  test("another method is told which are allowed", async () => {
    const response = await ask("/v1/claims", { method: "DELETE" });
    assert.is(response.status, 405);
    assert.is(response.headers.get("Allow"), "GET, HEAD");
    assert.is((await response.json()).type, "/problems/method-not-allowed");
  });

  test("a preflight is answered, any other OPTIONS is a method that no address has", async () => {
    const preflight = await ask("/v2/models/x/infer", {
      method: "OPTIONS",
      headers: { Origin: "https://example.org", "Access-Control-Request-Method": "POST" },
    });
    assert.is(preflight.status, 204);
    assert.match(preflight.headers.get("Access-Control-Allow-Methods") ?? "", /POST/);
    const plain = await ask("/v2/models/x/infer", { method: "OPTIONS" });
    assert.is(plain.status, 405);
    assert.is(plain.headers.get("Allow"), "POST");
    assert.is((await plain.json()).type, "/problems/method-not-allowed");
    assert.is((await ask("/nope", { method: "OPTIONS" })).status, 404);
  });

  test("a body of 100 MB is refused and the server lives", async () => {
    const body = new Uint8Array(100_000_000);
    for (const [path, type] of [
      [`/v2/models/${id}/infer`, "/problems/body-too-large"],
      ["/v1/claims", "/problems/method-not-allowed"],
    ] as const) {
      const refused = await ask(path, { method: "POST", body })
        .then(async (response) => await response.json())
        .catch(() => undefined); // the server closed the connection before all was sent
      if (refused) assert.is(refused.type, type);
      assert.is((await ask("/livez")).status, 200);
    }
  });

  test("scripts of any origin may read, and answers are marked safe", async () => {
    const { headers } = await ask("/v1/claims", { headers: { Origin: "https://example.org" } });
    assert.is(headers.get("Access-Control-Allow-Origin"), "*");
    const exposed = headers.get("Access-Control-Expose-Headers")?.split(",") ?? [];
    for (const name of ["ETag", "Link", "Allow", "Inference-Header-Content-Length"]) {
      assert.ok(exposed.includes(name), name);
    }
    assert.is(headers.get("X-Content-Type-Options"), "nosniff");
    assert.is(headers.get("Strict-Transport-Security"), null); // RFC 6797, section 7.2
    const own = await ask("/livez", { headers: { "X-Request-Id": "mine-1" } });
    assert.is(own.headers.get("X-Request-Id"), "mine-1");
  });

  test("a client that goes away ends the work", async () => {
    const client = new AbortController();
    const response = await ask("/v1/claims/theorem-1/verification?full=true", {
      headers: { Accept: "text/event-stream" },
      signal: client.signal,
    });
    const reader = response.body?.getReader();
    await reader?.read();
    client.abort();
    await reader?.cancel().catch(() => {});
    for (let k = 0; k < 100; k++) {
      const page = await (await ask("/metrics")).text();
      if (/rethink_evaluations_running 0/.test(page)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.unreachable("it still runs");
  });

  test.run();
}

endpoint("the application", async () => {
  const { app } = openService({ counting: true });
  return { ask: async (path, init) => await app.request(path, init), close: async () => {} };
});

for (const platform of ["node", "deno", "deno serve"] as const) {
  endpoint(`a server by ${platform}`, async () => {
    const server = await startServer(platform);
    return {
      ask: (path, init) => fetch(server.origin + path, init),
      close: async () => assert.is(await server.end(), 0, "exit code after SIGTERM"),
    };
  });
}
