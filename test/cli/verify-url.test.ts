/** `verify --url` against a real server: what it asks, how it exits, and that it goes on after a break. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openService } from "../http/service.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
const { app } = openService();

/** How many requests came; from `broken` on they are answered by 404. */
const asked = { count: 0, broken: Number.POSITIVE_INFINITY };
/** Done when the first request comes. */
let first = () => {};
const server = createServer(
  getRequestListener((request) => {
    if (asked.count === 0) first();
    return asked.count++ < asked.broken ? app.fetch(request) : new Response("", { status: 404 });
  }),
);
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const test = suite("verify --url", { cache: "" });
test.before.each((context) => {
  context.cache = mkdtempSync(join(tmpdir(), "rethink-"));
  Object.assign(asked, { count: 0, broken: Number.POSITIVE_INFINITY });
});
test.after.each(({ cache }) => rmSync(cache, { recursive: true }));
test.after(() => {
  server.closeAllConnections();
  server.close();
});

async function verify(cache: string, url: string, ...args: string[]) {
  const only = ["--checkpoint", "mlp-1x512.random-labels", "--json", "--url", url];
  const child = spawn(
    process.execPath,
    [...launch, join(root, "src/cli/main.ts"), "verify", ...only, ...args],
    {
      cwd: root,
      env: {
        ...process.env,
        RETHINK_CACHE: cache,
        RETHINK_SIGNING_KEY_FILE: join(cache, "signing-key.pem"),
      },
    },
  );
  const printed = { out: "", error: "" };
  child.stdout.on("data", (text) => {
    printed.out += text;
  });
  child.stderr.on("data", (text) => {
    printed.error += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, ...printed };
}

test("while it runs its report says that it was ended: so it stays if it is killed", async ({
  cache,
}) => {
  const report = join(cache, "report.json");
  writeFileSync(report, "passed");
  let meanwhile = "";
  first = () => {
    meanwhile = readFileSync(report, "utf8");
  };
  const { code, error } = await verify(cache, origin, "--seed", "1", "--report", `json=${report}`);
  first = () => {};
  assert.is(code, 0, error);
  const { exitCode, error: said } = JSON.parse(meanwhile);
  assert.is(exitCode, 2);
  assert.match(JSON.stringify(said), /the run was ended before its time/);
  assert.is(JSON.parse(readFileSync(report, "utf8")).exitCode, 0);
});

test("nothing is signed of a run that did not come to its end", async ({ cache }) => {
  asked.broken = 2; // a shard of train and one of test
  const receipt = join(cache, "r.intoto.jsonl");
  const more = ["--checkpoint", "theorem1.random-labels", "--seed", "1", "--receipt", receipt];
  const { code, out, error } = await verify(cache, origin, ...more);
  assert.is(code, 2, error);
  assert.is(JSON.parse(out).checkpoints.length, 1);
  assert.match(error, /no receipt is signed, for the run did not come to its end/);
  assert.not(existsSync(receipt));
});

test("interrupted, it keeps its answers in the cache and asks for the others alone", async ({
  cache,
}) => {
  asked.broken = 20;
  const first = await verify(cache, origin, "--full");
  assert.is(first.code, 2);
  assert.match(first.error, /^rethink: the server answers 404$/m);
  assert.is(readdirSync(join(cache, "remote")).length, 1);
  Object.assign(asked, { count: 0, broken: Number.POSITIVE_INFINITY });
  const second = await verify(cache, origin, "--full");
  assert.is(second.code, 0, second.error);
  assert.ok(asked.count <= 43, `${asked.count} asked`); // 60 less at least 17 kept
  assert.equal(readdirSync(join(cache, "remote")), []);
  const [report] = JSON.parse(second.out).checkpoints;
  assert.is(report.splits.train.length + report.splits.test.length, 60);
});

test("the report says that a server ran the models, and a cache that takes nothing ends nothing", async ({
  cache,
}) => {
  const file = join(cache, "file");
  writeFileSync(file, "");
  const run = await verify(file, origin, "--shards", "2");
  assert.is(run.code, 0, run.error);
  assert.is(JSON.parse(run.out).server, `${origin}/`);
  assert.is(run.error.match(/the run goes on, but not after a break/g)?.length, 1, run.error);
});

test("interrupted at the second checkpoint, it has the answers of the first too", async ({
  cache,
}) => {
  const both = ["--checkpoint", "mlp-1x512.true", "--shards", "5", "--seed", "7"];
  asked.broken = 14; // 10 of the first, 4 of the second
  assert.is((await verify(cache, origin, ...both)).code, 2);
  assert.is(readdirSync(join(cache, "remote")).length, 2);
  Object.assign(asked, { count: 0, broken: Number.POSITIVE_INFINITY });
  const second = await verify(cache, origin, ...both);
  assert.is(second.code, 0, second.error);
  assert.ok(asked.count <= 9, `${asked.count} asked`); // 20 less at least 11 kept
  assert.equal(readdirSync(join(cache, "remote")), []);
});

test("no server and no address are one line", async ({ cache }) => {
  const nowhere = await verify(cache, "ftp://example.org");
  assert.is(nowhere.code, 2);
  assert.match(nowhere.error, /it must be an http or https address/);
});

test.run();
