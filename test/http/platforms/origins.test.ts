/** Static hosts: what `rethink publish` wrote is found there byte for byte, and a handler runs on it. */
import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startNginx } from "../../../scripts/nginx.ts";
import { publish } from "../../../src/cli/publish.ts";
import { MANIFEST } from "../../../src/datasets/manifest.ts";
import { openWasm } from "../../../src/evaluation/runtimes/wasm.ts";
import { createHandler } from "../../../src/http/platforms/bare.ts";
import { readManifest } from "../../../src/local/publish.ts";
import { ROOT } from "../../home.ts";
import { pythonOrSkip } from "../../python.ts";
import { EVALUATION, MODEL, publishedDigest, publishSmall } from "../../small-origin.ts";
import { denoProgram, startServer } from "../server.ts";

interface Host {
  origin: string;
  put(path: string, bytes: Uint8Array): Promise<unknown>;
  end(): Promise<unknown>;
}

const inFolder = (folder: string) => async (path: string, bytes: Uint8Array) =>
  await writeFile(join(folder, path), bytes);

async function nginx(folder: string): Promise<Host> {
  const config = await readFile(join(ROOT, "scripts/deploy/static/nginx.conf"), "utf8");
  const { origin, end } = await startNginx(
    (port) => config.replace("listen 8080", `listen 127.0.0.1:${port}`),
    dirname(folder),
  );
  return { origin, put: inFolder(folder), end };
}

async function denoServe(folder: string): Promise<Host> {
  const script = join(ROOT, "test/http/platforms/deno-files.ts");
  const args = ["serve", "-A", "--host=127.0.0.1", "--port=0", script];
  const { origin, end } = await startServer([denoProgram(), ...args], { FOLDER: folder });
  return { origin, put: inFolder(folder), end };
}

/** A bucket that everybody may read, of a server that speaks S3. */
async function bucket(python: string, folder: string): Promise<Host> {
  const moto = [python, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"];
  const { origin: at, end } = await startServer(moto);
  const origin = `${at}/rethink`;
  const headers = { "x-amz-acl": "public-read", "Content-Type": "application/octet-stream" };
  const send = async (address: string, body?: Uint8Array<ArrayBuffer>) => {
    const answer = await fetch(address, { method: "PUT", headers, ...(body && { body }) });
    assert.is(answer.status, 200, await answer.text());
  };
  const put: Host["put"] = async (path, bytes) =>
    await send(`${origin}/${path}`, new Uint8Array(bytes));
  await send(origin);
  for (const path of [...Object.keys((await readManifest(folder))?.files ?? {}), MANIFEST]) {
    await put(path, await readFile(join(folder, path)));
  }
  return { origin, put, end };
}

const scratch = await mkdtemp(join(tmpdir(), "rethink-"));
const folder = join(scratch, "origin");
await publishSmall(folder);
test.after(() => rm(scratch, { recursive: true }));
const digest = await publishedDigest();
const runtime = await openWasm();
let opened = 1; // another number of blocks forgets those that were read

function host(name: string, open: (folder: string) => Promise<Host>): void {
  test(`${name}: --check finds every byte, and a handler evaluates`, async () => {
    const parent = await mkdtemp(join(tmpdir(), "rethink-"));
    await chmod(parent, 0o755); // nginx reads as another user, if root starts it
    const deployed = join(parent, "origin");
    await publishSmall(deployed);
    const { origin, put, end } = await open(deployed);
    try {
      assert.is(await publish(folder, { check: new URL(origin) }), 0);
      if (name === "nginx") {
        // A browser takes no module of another type, and shows no such picture.
        await put("page.js", new Uint8Array());
        await put("icon.svg", new Uint8Array());
        const typeOf = async (path: string) =>
          (await globalThis.fetch(`${origin}/${path}`)).headers.get("Content-Type");
        assert.is(await typeOf("page.js"), "text/javascript");
        assert.is(await typeOf("icon.svg"), "image/svg+xml");
      }
      const environment = { RETHINK_ORIGIN: origin, RETHINK_LOG: "errors" };
      const { fetch } = await createHandler(environment, {
        openRuntimes: async () => [runtime],
        memory: { files: 2 ** 24, sessions: 1, blocks: ++opened, answers: 2 ** 20, archives: 1 },
      });
      const answer = await fetch(new Request(`https://example.org${EVALUATION}`));
      const text = await answer.text();
      assert.is(answer.status, 200, text);
      assert.is(JSON.parse(text).logitsSha256, digest);
      const bytes = await readFile(join(folder, MODEL));
      bytes[500] = (bytes[500] as number) ^ 1;
      await put(MODEL, bytes);
      assert.is(await publish(folder, { check: new URL(origin) }), 1);
    } finally {
      await end();
      await rm(parent, { recursive: true });
    }
  });
}

if ("Deno" in globalThis) {
  console.log("skipped: static hosts: Node's run has asked the same");
} else {
  const missing = spawnSync("nginx", ["-v"]).error?.message;
  if (missing) console.log(`skipped: nginx as a static host: ${missing}`);
  else host("nginx", nginx);
  host("deno serve", denoServe);
  const python = pythonOrSkip("an S3-compatible server", ["moto", "flask_cors"]);
  if (python) host("an S3-compatible server", (deployed) => bucket(python, deployed));
}

test.run();
