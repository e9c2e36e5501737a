/** An origin that fails in the ways of origins: a problem document each time, and nothing wrong is kept. */
import type { ServerResponse } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256Hex } from "../../../src/datasets/digest.ts";
import { openWasm } from "../../../src/evaluation/runtimes/wasm.ts";
import { createHandler } from "../../../src/http/platforms/bare.ts";
import { folderStorage } from "../../../src/local/folder.ts";
import { BLOCK, MODEL, NET, publishSmall } from "../../small-origin.ts";
import { serveStatic } from "../../static-server.ts";

const folder = await mkdtemp(join(tmpdir(), "rethink-"));
await publishSmall(folder);
const host = await serveStatic(() => folderStorage(folder));
test.after(async () => {
  host.close();
  await rm(folder, { recursive: true });
});

console.log = () => {}; // where the handler logs why
const runtime = await openWasm();
let started = 1; // another number of blocks forgets those that were read

/** A handler that knows nothing yet, as after a cold start. */
async function coldStart() {
  const environment = { RETHINK_ORIGIN: host.origin, RETHINK_LOG: "errors", RETHINK_SECONDS: "20" };
  const origin = { seconds: 2, tries: 1 };
  const memory = {
    files: 2 ** 24,
    sessions: 1,
    blocks: ++started,
    answers: 2 ** 20,
    archives: 1,
  };
  const { fetch } = await createHandler(environment, {
    openRuntimes: async () => [runtime],
    origin,
    memory,
  });
  return async (path: string, init?: RequestInit) =>
    await fetch(new Request(`https://example.org${path}`, init));
}

const FAULTS: Record<string, (response: ServerResponse, bytes: Buffer) => void> = {
  slow: () => {},
  failing: (response) => response.writeHead(500).end("at /srv/secret"),
  truncated: (response, bytes) => {
    response.writeHead(200, { "Content-Length": bytes.length });
    response.write(bytes.subarray(0, 1000), () => response.destroy());
  },
  "cut short without saying so": (response, bytes) => response.end(bytes.subarray(0, -1)),
  rewritten: (response, bytes) => {
    const other = Buffer.from(bytes);
    other[500] = (other[500] as number) ^ 1;
    response.end(other);
  },
  "another page in its place": (response) => response.end("<html>Please sign in</html>"),
};

const EVALUATION = `/v1/checkpoints/${NET}/evaluations/test?end=20`;

for (const [name, spoil] of Object.entries(FAULTS)) {
  for (const path of [MODEL, `fixtures/${NET}.json`, BLOCK]) {
    test(`${path}, ${name}`, async () => {
      const ask = await coldStart();
      const bytes = await readFile(join(folder, path));
      host.instead = (asked, request, response) => {
        if (asked !== path || request.method === "HEAD") return false;
        spoil(response, bytes);
        return true;
      };
      const address = path === `fixtures/${NET}.json` ? `/v1/checkpoints/${NET}` : EVALUATION;
      for (const again of name === "slow" ? [1] : [1, 2]) {
        const response = await ask(address);
        const text = await response.text();
        assert.is(response.status, 503, `${again}: ${text}`);
        assert.is(response.headers.get("Content-Type"), "application/problem+json");
        assert.is(JSON.parse(text).type, "/problems/data-unavailable");
        assert.not.match(text, /secret|127\.0\.0\.1|sign in/);
        assert.not.match(
          response.headers.get("Cache-Control") ?? "no-store",
          /max-age|immutable|public/,
        );
      }
      host.instead = () => false;
      let mended = await ask(address);
      for (let k = 0; k < 5 && mended.status === 503; k++) mended = await ask(address); // busy machines are slow too
      assert.is(mended.status, 200);
      if (address === EVALUATION) assert.is((await mended.json()).total, 20);
    });
  }
}

test("a model that was cut is not downloaded, and then it is", async () => {
  const ask = await coldStart();
  const bytes = await readFile(join(folder, MODEL));
  host.instead = (asked, request, response) => {
    if (asked !== MODEL || request.method === "HEAD") return false;
    response.end(bytes.subarray(0, 5000));
    return true;
  };
  assert.is((await ask(`/v1/checkpoints/${NET}/model.onnx`)).status, 503);
  host.instead = () => false;
  const whole = new Uint8Array(
    await (await ask(`/v1/checkpoints/${NET}/model.onnx`)).arrayBuffer(),
  );
  assert.is(await sha256Hex(whole), await sha256Hex(new Uint8Array(bytes)));
});

test("an origin that fails in the middle of a stream ends it with a problem", async () => {
  const ask = await coldStart();
  host.instead = (asked, _, response) => {
    if (asked !== BLOCK) return false;
    response.writeHead(500).end();
    return true;
  };
  const response = await ask("/v1/claims/table-1.mlp-1x512.true/verification?shards=1&seed=3", {
    headers: { Accept: "text/event-stream" },
  });
  const text = await response.text();
  host.instead = () => false;
  assert.is(response.status, 200);
  assert.match(text, /event: problem/);
  assert.match(text, /data-unavailable/);
  assert.not.match(text, /event: verification/);
});

test("a manifest that cannot be read is a problem, and an old one goes on serving", async () => {
  const cold = await coldStart();
  host.instead = (asked, _, response) => {
    if (asked !== "manifest.json") return false;
    response.writeHead(500).end();
    return true;
  };
  assert.is((await cold(EVALUATION)).status, 503);
  host.instead = () => false;
  assert.is((await cold(EVALUATION)).status, 200);
});

test.run();
