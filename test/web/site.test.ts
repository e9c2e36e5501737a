/** Pages and origin in one folder: every link leads to a file, a browser audits and a handler evaluates from below a prefix. */
import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readNumbers } from "../../src/cards/published-numbers.ts";
import { CLAIMS } from "../../src/claims/claims.ts";
import { publish } from "../../src/cli/publish.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { createHandler } from "../../src/http/platforms/bare.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { folderStorage } from "../../src/local/folder.ts";
import { readManifest } from "../../src/local/publish.ts";
import { siteFiles } from "../../src/web/export.ts";
import { siteOf } from "../../src/web/site.ts";
import { homeOf, ROOT } from "../home.ts";
import { EVALUATION, NET, publishedDigest } from "../small-origin.ts";
import { serveStatic } from "../static-server.ts";
import { browsers, textOf } from "./browsers.ts";
import { digestHere, digestThere } from "./digests.ts";

/** Its training images are in MNIST's files. */
const KERNEL = "kernel.mnist.true";
const home = homeOf([NET, KERNEL]);
const folder = await mkdtemp(join(tmpdir(), "rethink-site-"));
const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
const written = spawnSync(
  process.execPath,
  [...launch, "src/cli/main.ts", "publish", folder, "--pages"],
  { cwd: ROOT, encoding: "utf8", env: { ...process.env, RETHINK_HOME: home } },
);
assert.is(written.status, 0, written.stderr);
const manifest = await readManifest(folder);
const paths = new Map<string, Uint8Array>();
for (const path of Object.keys(manifest?.files ?? {})) {
  paths.set(path, path.endsWith(".html") ? await readFile(join(folder, path)) : new Uint8Array());
}
const found = await browsers("the static pages");

/** What was written, behind a plain file server that has it below /rethink/. */
async function served() {
  const storage = folderStorage(folder);
  const inside = (path: string) => {
    const file = path.split("?")[0]?.replace(/^rethink\//, "") ?? "";
    return file === "" || file.endsWith("/") ? `${file}index.html` : file;
  };
  const server = await serveStatic(() => ({
    read: (path, start, end) => storage.read(inside(path), start, end),
    exists: (path) => storage.exists(inside(path)),
    version: (path) => storage.version(inside(path)),
  }));
  server.instead = (path, _, response) => {
    const types: Record<string, string> = {
      js: "text/javascript",
      css: "text/css",
      svg: "image/svg+xml",
    };
    const file = inside(path);
    const type = file.endsWith(".html") ? "text/html" : types[file.split(".").at(-1) ?? ""];
    if (type) response.setHeader("Content-Type", type);
    return false;
  };
  return server;
}

test("every link of every page leads to a file", () => {
  let count = 0;
  for (const [path, bytes] of paths) {
    const html = new TextDecoder().decode(bytes);
    for (const [, to = ""] of html.matchAll(/ (?:href|src)="(\.[^"#?]*)/g)) {
      const target = normalize(join(dirname(path), to)).replace(/\/$/, "/index.html");
      const file = target === "./index.html" || target === "." ? "index.html" : target;
      assert.ok(paths.has(file), `${path} links to ${to}`);
      count++;
    }
    assert.not.match(html, / (?:href|src|action)="\//, `${path} has an address from the root`);
    assert.not.match(html, "data-curl", `${path} names this host for a server`);
  }
  assert.ok(count > CLAIMS.length);
});

test("written again, every page is the same to the byte", async () => {
  const project = folderStorage(home);
  const source = {
    site: siteOf(await readNumbers(project)),
    project,
    dataset: await openDataset(),
    assets: { names: [], read: async () => undefined },
  };
  for await (const { path, bytes } of siteFiles(source)) {
    if (path.endsWith(".html"))
      assert.ok(Buffer.compare(bytes, paths.get(path) ?? new Uint8Array()) === 0, path);
  }
});

test("no file is in the place of a folder", () => {
  for (const path of paths.keys()) {
    for (let above = dirname(path); above !== "."; above = dirname(above)) {
      assert.not.ok(paths.has(above), above);
    }
  }
});

test("handlers and browsers have each block of the dataset at one place", () => {
  const ofFile = manifest?.joined["cifar10/test_batch.bin"] ?? [];
  assert.is(ofFile.length, 10);
  assert.ok(ofFile.every((path) => /^v1\/datasets\/cifar10\/blocks\/[0-9a-f]{64}$/.test(path)));
  const sized = Object.values(manifest?.files ?? {}).filter(({ bytes }) => bytes === 3_073_000);
  assert.is(sized.length, 60); // 60,000 examples, a thousand each
});

test("a handler evaluates from there, and --check names what differs", async () => {
  const server = await served();
  const origin = `${server.origin}/rethink`;
  try {
    const environment = { RETHINK_ORIGIN: origin, RETHINK_LOG: "errors" };
    const openRuntimes = async () => [await openRuntime("wasm")];
    const { fetch } = await createHandler(environment, { openRuntimes });
    const answer = await fetch(new Request(`https://example.org${EVALUATION}`));
    assert.is((await answer.json()).logitsSha256, await publishedDigest());
    const check = async () => {
      const said: string[] = [];
      const { log } = console;
      console.log = (line: string) => said.push(line);
      const status = await publish(folder, { check: new URL(origin) }).finally(() => {
        console.log = log;
      });
      return { status, said: said.join("\n") };
    };
    assert.is((await check()).status, 0);
    await appendFile(join(folder, "index.html"), " ");
    const { status, said } = await check();
    assert.is(status, 1);
    assert.match(
      said,
      /^index\.html has \d+ bytes and SHA-256 [0-9a-f]{64}, not \d+ and [0-9a-f]{64}$/,
    );
  } finally {
    server.close();
  }
});

for (const { name, use } of found) {
  test(`${name} audits from a plain file server below /rethink/`, async () => {
    const server = await served();
    try {
      await use(async (open) => {
        const page = await open();
        await page.goto(`${server.origin}/rethink/`);
        await page.goto(`${server.origin}/rethink/audit/index.html?checkpoint=${NET}`);
        await page.click("#start");
        await page.waitForFunction(() => document.querySelector("#result")?.hasChildNodes());
        assert.match(await textOf(page, "#result"), "All that was recomputed matches");
        const hrefs = await page.$$eval("#result a", (links) => links.map((link) => link.href));
        assert.ok(hrefs.includes(`${server.origin}/rethink/checkpoints/${NET}/`), hrefs.join());
        if (name === "Chromium")
          assert.is(await digestThere(page, KERNEL), await digestHere(KERNEL));
      });
      const outside = server.asked.filter((one) => !/^\w+ (rethink\/|favicon)/.test(one));
      assert.equal(outside, []);
    } finally {
      server.close();
    }
  });
}

test.after(async () => {
  for (const { close } of found) await close();
  for (const one of [folder, home]) await rm(one, { recursive: true, force: true });
});

test.run();
