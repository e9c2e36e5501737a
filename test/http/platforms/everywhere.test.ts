/** The same requests on every platform have the same answers, headers and digests. */
import { spawnSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { buildFetch } from "../../../scripts/deploy/fetch/build.ts";
import { buildLambda } from "../../../scripts/deploy/lambda/build.ts";
import { buildWorker } from "../../../scripts/deploy/workers/build.ts";
import { startWorker } from "../../../scripts/deploy/workers/workerd.ts";
import { sha256Hex } from "../../../src/datasets/digest.ts";
import { readFixture } from "../../../src/evaluation/published.ts";
import { openRuntime } from "../../../src/evaluation/runtimes/open.ts";
import { folderStorage } from "../../../src/local/folder.ts";
import { importPrivateKey, newPrivateKey } from "../../../src/receipts/keys.ts";
import { homeOf, ROOT } from "../../home.ts";
import { serveStatic } from "../../static-server.ts";
import { denoProgram, startServer } from "../server.ts";
import { openService } from "../service.ts";
import { startLambda } from "../../../scripts/deploy/lambda/local.ts";

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** One of each family of nets. */
const NETS = ["theorem1.random-labels", "mlp-1x512.true", "alexnet.true", "inception.true"];
const [THEOREM1, MLP] = NETS as [string, string];
const POST = { method: "POST", headers: { "Content-Type": "application/json" } };
const IMAGE = JSON.stringify({
  inputs: [{ name: "images", shape: [1, 3, 32, 32], datatype: "UINT8", data: Array(3072).fill(7) }],
  parameters: { runtime: "wasm" },
});

const REQUESTS: [path: string, init?: RequestInit][] = [
  ["/livez"],
  ["/readyz"],
  ["/nope"],
  ["/v1/claims/theorem-1"],
  ["/v1/claims/theorem-2"],
  ["/v1/checkpoints"],
  ["/v1/datasets"],
  [`/v1/checkpoints/${MLP}/history.json`],
  [`/v1/checkpoints/${MLP}/model.onnx`, { method: "HEAD" }],
  [`/v1/checkpoints/${MLP}/model.onnx`, { headers: { Range: "bytes=1000-1999" } }],
  [`/v1/checkpoints/${MLP}/predictions/test`],
  [`/v1/checkpoints/${MLP}/evaluations/test?runtime=wasm&end=20`],
  [`/v1/checkpoints/${MLP}/evaluations/test?runtime=wasm&end=20&predictions=true`],
  [`/v1/checkpoints/${MLP}/evaluations/test?start=5&end=5`],
  [`/v1/checkpoints/alexnet.true/evaluations/test?runtime=wasm&end=20`],
  [`/v1/checkpoints/inception.true/evaluations/test?runtime=wasm&end=12`],
  [`/v1/checkpoints/${MLP}`, { method: "DELETE" }],
  [
    `/v1/checkpoints/${MLP}/history.json`,
    { headers: { Cookie: "a=1; b=2", "If-None-Match": "*" } },
  ],
  [`/v2/models/${MLP}/infer`, { ...POST, body: "{" }],
  [`/v2/models/${MLP}/infer`, { ...POST, body: IMAGE }],
];

/** What must be the same everywhere. */
async function answered(ask: Ask, [path, init]: (typeof REQUESTS)[0]) {
  const named = { ...init?.headers, "X-Request-Id": "the-same" }; // problems name it
  const response = await ask(path, { ...init, headers: named });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { headers } = response;
  const compared = [
    "ETag",
    "Content-Type",
    "Cache-Control",
    "Repr-Digest",
    "Content-Range",
    "Allow",
  ];
  return {
    status: response.status,
    headers: Object.fromEntries(compared.map((name) => [name, headers.get(name)])),
    sha256: await sha256Hex(bytes),
    text: headers.get("Content-Type")?.includes("json") ? new TextDecoder().decode(bytes) : "",
  };
}

function platform(name: string, open: () => Promise<{ ask: Ask; end(): Promise<unknown> }>) {
  const test = suite(name);
  let ask: Ask;
  let end: () => Promise<unknown>;
  test.before(async () => {
    ({ ask, end } = await open());
  });
  test.after(async () => {
    await end();
  });

  test("every answer is the application's", async () => {
    for (const [k, request] of REQUESTS.entries()) {
      assert.equal(await answered(ask, request), wanted[k], `${request[1]?.method} ${request[0]}`);
    }
  });
  test("published digests of logits are met", async () => {
    for (const id of [THEOREM1, MLP]) {
      const { start, end, logitsSha256 } = (await readFixture(project, id)).splits.test
        .reference[0] as { start: number; end: number; logitsSha256: string };
      const path = `/v1/checkpoints/${id}/evaluations/test?runtime=wasm&start=${start}&end=${end}`;
      assert.is((await (await ask(path)).json()).logitsSha256, logitsSha256, id);
    }
  });
  test("a verification is the same as JSON, as events and as a receipt", async () => {
    const path = "/v1/claims/theorem-1/verification?shards=1&seed=3&runtime=wasm";
    const { report } = await (await ask(path)).json();
    assert.is(report.verdicts[0].status, "reproduced");
    assert.equal(report.checkpoints, verification.checkpoints);
    const events = await ask(path, { headers: { Accept: "text/event-stream" } });
    const last = (await events.text()).split("\n\n").filter((block) => block.includes("data:"));
    assert.match(last.at(-1) ?? "", /event: verification/);
    assert.match(last.at(-1) ?? "", /"status":"reproduced"/);
    const bundle = await ask(path, { headers: { Accept: "application/vnd.in-toto.bundle" } });
    assert.is((await bundle.text()).trim().split("\n").length, 2);
    assert.is(await (await ask("/.well-known/rethink-receipts.pem")).text(), publicPem);
  });
  test.run();
}

const pem = await newPrivateKey();
const { publicPem } = await importPrivateKey(pem, "key");
const secret = { RETHINK_SIGNING_KEY: pem, RETHINK_LOG: "errors" };
const home = homeOf(NETS);
const project = folderStorage(home);
const scratch = await mkdtemp(join(tmpdir(), "rethink-"));
const files = join(scratch, "origin");
const { app } = openService({ project, runtimes: [await openRuntime("wasm")] });
const wanted: Awaited<ReturnType<typeof answered>>[] = [];
for (const request of REQUESTS) {
  wanted.push(await answered(async (path, init) => await app.request(path, init), request));
}
const { report: verification } = await (
  await app.request("/v1/claims/theorem-1/verification?shards=1&seed=3&runtime=wasm")
).json();

process.on("exit", () => {
  for (const folder of [home, scratch]) spawnSync("rm", ["-rf", folder]);
});

if ("Deno" in globalThis) {
  console.log("skipped: every platform: they are the same processes, started under Node");
} else {
  for (const name of ["node", "deno"] as const) {
    platform(name, async () => {
      const { origin, end } = await startServer(name, { ...secret, RETHINK_HOME: home });
      return { ask: (path, init) => fetch(origin + path, init), end };
    });
  }
  const launch = ["--import", "tsx", "src/cli/main.ts", "publish", files];
  const env = { ...process.env, RETHINK_HOME: home };
  const published = spawnSync(process.execPath, launch, { cwd: ROOT, env, encoding: "utf8" });
  assert.is(published.status, 0, published.stderr);

  platform("workerd", async () => {
    const worker = await buildWorker(join(scratch, "worker"));
    const { origin, stop } = await startWorker({ worker, files, port: 0, environment: secret });
    return { ask: (path, init) => fetch(origin + path, init), end: stop };
  });

  platform("the bundled handler under deno serve", async () => {
    const folder = await buildFetch(join(scratch, "fetch"));
    const host = await serveStatic(() => folderStorage(files));
    const allowed = ["--allow-env", "--allow-net", `--allow-read=${folder}`];
    const listen = ["--host=127.0.0.1", "--port=0", join(folder, "handler.js")];
    const environment = { ...secret, RETHINK_ORIGIN: host.origin };
    const command = [denoProgram(), "serve", ...allowed, ...listen];
    const { origin, end } = await startServer(command, environment);
    return {
      ask: (path, init) => fetch(origin + path, init),
      end: () => end().finally(host.close),
    };
  });

  let lambda: ReturnType<typeof buildLambda> | undefined;
  for (const [name, handler, domain] of [
    ["Lambda behind API Gateway", "index.handler", "abc123.execute-api.us-east-1.amazonaws.com"],
    ["Lambda behind a function URL", "index.streaming", "abc123.lambda-url.us-east-1.on.aws"],
  ] as const) {
    platform(name, async () => {
      lambda ??= buildLambda({ folder: join(scratch, "lambda") });
      const { folder } = await lambda;
      const host = await serveStatic(() => folderStorage(files));
      const environment = { ...secret, RETHINK_ORIGIN: host.origin };
      const { ask, end } = await startLambda(folder, handler, domain, environment);
      return { ask, end: () => end().finally(host.close) };
    });
  }

  const native = suite("Lambda with onnxruntime-node");
  native(
    "native runs the models where the bundle holds it, and predicts what is published",
    async () => {
      const arch = process.arch as "x64" | "arm64";
      const { folder, unpacked } = await buildLambda({
        folder: join(scratch, "native"),
        native: arch,
      });
      assert.ok(unpacked < 250 * 2 ** 20, `${unpacked}`); // Lambda's limit
      const host = await serveStatic(() => folderStorage(files));
      const domain = "abc123.lambda-url.us-east-1.on.aws";
      const environment = { ...secret, RETHINK_ORIGIN: host.origin };
      const { ask, end } = await startLambda(folder, "index.streaming", domain, environment);
      try {
        const { runtime, predictionsSha256 } = await (
          await ask(`/v1/checkpoints/${MLP}/evaluations/test?end=1000`)
        ).json();
        assert.is(runtime.package, "onnxruntime-node");
        const [shard] = (await readFixture(project, MLP)).splits.test.shards;
        assert.is(predictionsSha256, shard?.predictionsSha256);
      } finally {
        await end();
        host.close();
      }
    },
  );
  native.run();
}
