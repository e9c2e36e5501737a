/** The pages as static files: every link leads to a file, and a browser audits from below a prefix. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readNumbers } from "../../src/cards/published-numbers.ts";
import { CLAIMS } from "../../src/claims/claims.ts";
import { ASSETS, bundled } from "../../src/local/bundle.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { folderStorage } from "../../src/local/folder.ts";
import { project } from "../../src/local/project.ts";
import { publishInto } from "../../src/local/publish.ts";
import { siteFiles } from "../../src/web/export.ts";
import { siteOf } from "../../src/web/site.ts";
import { serveStatic } from "../static-server.ts";
import { browsers, textOf } from "./browsers.ts";

const NET = "mlp-1x512.true";
const all = await readNumbers(project);
const site = siteOf(all.filter(({ checkpoint }) => checkpoint.id === NET));
const found = await browsers("the static pages");
const dataset = await openDataset();
const folder = await mkdtemp(join(tmpdir(), "rethink-site-"));
// Bundles take a browser to be worth their time.
const read = async (name: string) => (found.length > 0 ? await bundled(name) : new Uint8Array(1));
const assets = { names: ASSETS, read };
const paths = new Map<string, Uint8Array>();
async function* noted() {
  for await (const file of siteFiles({ site, project, dataset, assets, blocks: true })) {
    assert.not.ok(paths.has(file.path), `${file.path} is written twice`);
    paths.set(file.path, file.path.endsWith(".html") ? file.bytes : new Uint8Array());
    yield file;
  }
}
await publishInto(folder, noted());

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
  }
  assert.ok(count > CLAIMS.length);
});

test("written again, every page is the same to the byte", async () => {
  for await (const { path, bytes } of siteFiles({
    site,
    project,
    dataset,
    assets,
    blocks: false,
  })) {
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

for (const { name, use } of found) {
  test(`${name} audits from a plain file server below /rethink/`, async () => {
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
    try {
      await use(async (open) => {
        const page = await open();
        await page.goto(`${server.origin}/rethink/`);
        await page.goto(`${server.origin}/rethink/audit/?checkpoint=${NET}`);
        await page.click("#start");
        await page.waitForFunction(() => document.querySelector("#result")?.hasChildNodes());
        assert.match(await textOf(page, "#result"), "All that was recomputed matches");
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
  await rm(folder, { recursive: true, force: true });
});

test.run();
