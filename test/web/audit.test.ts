/** The auditor's page in real browsers: from a server, from dropped files, from a static host, and tampered with. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CIFAR10_FILES } from "../../src/datasets/cifar10.ts";
import { datasetFolder } from "../../src/local/dataset.ts";
import { PROJECT } from "../../src/local/dataset.ts";
import { startServer } from "../http/server.ts";
import { browsers, textOf } from "./browsers.ts";

const found = await browsers("the auditor's page");
const server = found.length > 0 ? await startServer("node") : undefined;
const origin = server?.origin ?? "";
const folder = await mkdtemp(join(tmpdir(), "rethink-audit-"));
const dataset = await datasetFolder("cifar10");
const official = CIFAR10_FILES.map(({ path }) => join(dataset, path.split("/").at(-1) ?? ""));
const NET = "mlp-1x512.random-labels";

/** A copy of a file with one bit turned. */
async function flipped(path: string, name: string): Promise<string> {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
  const copy = join(folder, name);
  await writeFile(copy, bytes);
  return copy;
}

async function give(page: Page, files: string[]): Promise<string> {
  const input = (await page.$("#files")) as unknown as {
    uploadFile(...paths: string[]): Promise<void>;
  };
  await input.uploadFile(...files);
  await page.waitForFunction(
    (count) => document.querySelectorAll("#accepted li").length === count,
    {},
    files.length,
  );
  return await textOf(page, "#accepted");
}

/** Recomputes, and waits for what comes of it. */
async function recompute(page: Page): Promise<string> {
  await page.click("#start");
  await page.waitForFunction(() => document.querySelector("#result")?.hasChildNodes());
  return await textOf(page, "#result");
}

for (const { name, use } of found) {
  test(`${name} decides a claim from what the server hands out, and meets every digest`, () =>
    use(async (open) => {
      const page = await open();
      const wasm: string[] = [];
      page.on("request", (request) => {
        if (request.url().endsWith(".wasm")) wasm.push(request.url());
      });
      await page.goto(`${origin}/audit?claim=table-1.${NET}`);
      assert.equal(wasm, [], "the runtime is fetched before it is wanted");
      const told = await recompute(page);
      assert.match(told, /All that was recomputed matches[\s\S]*reproduced/);
      assert.match(told, /2 of 60 shards[\s\S]*Not checked[\s\S]*58 shards were not run/);
      const shards = await page.$$eval("#shards tbody tr", (rows) =>
        rows.map((r) => r.textContent),
      );
      assert.is(shards.length, 2);
      for (const shard of shards) {
        assert.match(shard ?? "", /as published[\s\S]*as published[\s\S]*match/);
      }
    }));

  test(`${name} takes the official files from the disk, and counts every label`, () =>
    use(async (open) => {
      const page = await open();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(`${origin}/audit?checkpoint=${NET}`);
      assert.not.match(await give(page, official), "not CIFAR-10's");
      const told = await recompute(page);
      assert.match(told, /All that was recomputed matches/);
      assert.match(told, /All published predictions were counted against the labels/);
      assert.not.ok(
        asked.some((url) => url.includes("/blocks/")),
        "a block was fetched",
      );
    }));

  test(`${name} names the file of which a bit was turned`, () =>
    use(async (open) => {
      const page = await open();
      await page.goto(`${origin}/audit?checkpoint=${NET}`);
      const model = await flipped(`${PROJECT}/models/${NET}/model.onnx`, `${NET}.onnx`);
      await give(page, [model]);
      const told = await recompute(page);
      assert.match(told, `Mismatch: models/${NET}/model.onnx has SHA-256`);

      await page.goto(`${origin}/audit?checkpoint=${NET}`);
      const batch = await flipped(official[5] as string, "test_batch.bin");
      assert.match(await give(page, [batch]), "it is not CIFAR-10's official file");
      assert.match(await recompute(page), "Mismatch: test_batch.bin");
    }));

  test(`${name} stops, and goes on with what it has`, () =>
    use(async (open) => {
      const page = await open();
      await page.goto(`${origin}/audit?checkpoint=${NET}`);
      await page.select("#amount", "3");
      await page.click("#start");
      await page.waitForSelector("#shards tbody tr");
      await page.click("#stop");
      await page.waitForFunction(() => document.querySelector("#start")?.textContent === "Go on");
      assert.match(await recompute(page), "All that was recomputed matches");
      const shards = await page.$$eval("#shards tbody tr", (rows) => rows.length);
      assert.is(shards, 6);
    }));
}

test.after(async () => {
  await server?.end();
  await rm(folder, { recursive: true, force: true });
});

if (found.length > 0) test.run();
