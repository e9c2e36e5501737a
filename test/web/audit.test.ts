/** The auditor's page in real browsers, below a prefix: from a server, from files as people give them, and tampered with. */
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ElementHandle, Page } from "puppeteer-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CIFAR10_FILES, RECORD_BYTES } from "../../src/datasets/cifar10.ts";
import { MNIST_FILES } from "../../src/datasets/mnist.ts";
import { datasetFolder, PROJECT } from "../../src/local/dataset.ts";
import { canonicalDigest } from "../../src/recipe.ts";
import { startServer } from "../http/server.ts";
import { barriers } from "./barriers.ts";
import { browsers, drop, keepSaved, saved, textOf } from "./browsers.ts";
import { digestHere, digestThere } from "./digests.ts";

const found = await browsers("the auditor's page");
const server =
  found.length > 0 ? await startServer("node", { RETHINK_PREFIX: "/rethink" }) : undefined;
const origin = `${server?.origin}/rethink`;
const folder = await mkdtemp(join(tmpdir(), "rethink-audit-"));
const dataset = await datasetFolder("cifar10");
const official = CIFAR10_FILES.map(({ path }) => join(dataset, basename(path)));
const NET = "mlp-1x512.random-labels";

/** What a person may have on her disk: the dataset's folder, and what is published of a network. */
const disk = join(folder, "disk");
const batches = join(disk, "cifar-10-batches-bin");
if (found.length > 0) {
  await mkdir(batches, { recursive: true });
  for (const path of official) await copyFile(path, join(batches, basename(path)));
  await cp(`${PROJECT}/models/${NET}`, join(disk, "models", NET), { recursive: true });
  await cp(`${PROJECT}/fixtures/${NET}.json`, join(disk, "fixtures", `${NET}.json`));
  for (const split of ["train", "test"]) {
    const predictions = `fixtures/predictions/${NET}.${split}.bin`;
    await cp(`${PROJECT}/${predictions}`, join(disk, predictions));
  }
}

/** A copy of a file, changed. */
async function changed(path: string, name: string, change: (bytes: Buffer) => void) {
  const bytes = await readFile(path);
  change(bytes);
  const copy = join(folder, name);
  await writeFile(copy, bytes);
  return copy;
}

function flip(bytes: Buffer): void {
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
}

/** Puts the second record before the first. */
function swap(bytes: Buffer): void {
  const first = Buffer.from(bytes.subarray(0, RECORD_BYTES));
  bytes.copyWithin(0, RECORD_BYTES, 2 * RECORD_BYTES);
  first.copy(bytes, RECORD_BYTES);
}

async function accepted(page: Page, count: number): Promise<string> {
  await page.waitForFunction(
    (all) => document.querySelectorAll("#accepted li").length === all,
    {},
    count,
  );
  return await textOf(page, "#accepted");
}

async function give(page: Page, files: string[], input = "#files"): Promise<void> {
  const element = (await page.$(input)) as ElementHandle<HTMLInputElement>;
  await element.uploadFile(...files);
}

/** Drops what an input was given as scripts see a drop, for a browser that cannot be told to. */
async function dropGiven(page: Page, files: string[]): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", multiple: true, id: "carrier" });
    document.body.append(input);
  });
  await give(page, files, "#carrier");
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    const { files } = document.querySelector("#carrier") as HTMLInputElement;
    for (const file of files ?? []) dataTransfer.items.add(file);
    const dropped = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector("#drop")?.dispatchEvent(dropped);
  });
}

/** Recomputes, and waits for what comes of it. */
async function recompute(page: Page): Promise<string> {
  await page.click("#start");
  try {
    await page.waitForFunction(() => document.querySelector("#result")?.hasChildNodes());
  } catch (cause) {
    throw new Error(`no result; the page was at: ${await textOf(page, "#stage")}`, { cause });
  }
  return await textOf(page, "#result");
}

/** A network of every kind. */
const NETS = [NET, "alexnet.random-labels", "inception.random-labels", "kernel.mnist.true"];

const known = new Map<string, string>();

/** The addresses that a page asks for. */
function askedBy(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  return asked;
}

for (const { name, use } of found) {
  test(`${name} decides a claim from what the server hands out, and meets every digest`, () =>
    use(async (open) => {
      const page = await open();
      const asked = askedBy(page);
      await page.goto(`${origin}/audit?claim=table-1.${NET}`);
      assert.not.ok(
        asked.some((url) => url.endsWith(".wasm")),
        "the runtime is fetched before it is wanted",
      );
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
      assert.equal(await barriers(page), []);
      assert.equal(
        asked.filter((url) => !url.startsWith(origin) && !url.startsWith("data:")),
        [],
      );

      await keepSaved(page);
      await page.click("#keep");
      const { report, digest, wasmSha256 } = JSON.parse(await saved(page));
      assert.is(report.verdicts[0].status, "reproduced");
      assert.is(report.checkpoints[0].splits.test.length, 1);
      assert.is(digest, await canonicalDigest(report));
      const fixture = JSON.parse(await readFile(`${PROJECT}/fixtures/${NET}.json`, "utf8"));
      assert.is(wasmSha256, fixture.runtime.wasm.wasmSha256);
    }));

  test(`${name} takes dropped files, counts every label, and fetches none of them`, () =>
    use(async (open) => {
      const page = await open();
      const asked = askedBy(page);
      await page.goto(`${origin}/audit?checkpoint=${NET}`);
      if (name === "Chromium") {
        await drop(page, "#drop", [disk]); // a folder, with all that is in it
        const told = await accepted(page, 13);
        assert.is(told.match(/taken as/g)?.length, 12, told);
        assert.match(told, /README.md: it is neither/);
      } else {
        await dropGiven(page, [...official, `${PROJECT}/fixtures/${NET}.json`]);
        await accepted(page, 7);
      }
      const told = await recompute(page);
      assert.match(told, /All that was recomputed matches/);
      assert.match(told, /All published predictions were counted against the labels/);
      const theirs = name === "Chromium" ? /\/v1\// : /\/blocks\/|fixture\.json/;
      assert.equal(
        asked.filter((url) => theirs.test(url)),
        [],
      );
    }));

  test(`${name} takes MNIST's files, for a kernel that lies in them`, () =>
    use(async (open) => {
      if (name !== "Chromium") return; // the digests of the other are met below
      const page = await open();
      const asked = askedBy(page);
      await page.goto(`${origin}/audit?checkpoint=kernel.mnist.true`);
      const mnist = await datasetFolder("mnist");
      await give(
        page,
        MNIST_FILES.map(({ path }) => join(mnist, basename(path))),
      );
      const taken = (await accepted(page, 4)).match(/taken as mnist/g);
      assert.is(taken?.length, 4);
      const told = await recompute(page);
      assert.match(told, /All that was recomputed matches/);
      assert.match(told, /All published predictions were counted against the labels/);
      assert.not.ok(asked.some((url) => url.includes("/blocks/")));
    }));

  test(`${name} names the file that is not as it should be`, () =>
    use(async (open) => {
      const page = await open();
      const audit = async () => await page.goto(`${origin}/audit?checkpoint=${NET}`);
      await audit();
      const model = await changed(`${PROJECT}/models/${NET}/model.onnx`, `${NET}.onnx`, flip);
      await give(page, [model]);
      await accepted(page, 1);
      assert.match(await recompute(page), `Mismatch: models/${NET}/model.onnx has SHA-256`);

      for (const [change, batch] of [
        [flip, official[5]],
        [swap, official[0]],
      ] as const) {
        const file = basename(batch as string);
        await audit();
        await give(page, [await changed(batch as string, file, change)]);
        assert.match(await accepted(page, 1), "it is not CIFAR-10's official file");
        assert.match(await recompute(page), `Mismatch: ${file}`);
      }
    }));

  test(`${name} takes a folder that was chosen or picked`, () =>
    use(async (open) => {
      if (name !== "Chromium") return; // no other can be given a folder, or be asked for one
      const page = await open();
      await page.goto(`${origin}/audit?checkpoint=${NET}`);
      await give(page, [batches], "#folder");
      assert.is((await accepted(page, 6)).match(/taken as cifar10/g)?.length, 6);
      // Instead of a dialog that nobody answers, a folder of the browser's own, and a file that is gone.
      await page.evaluateOnNewDocument(`
        const gone = { kind: "file", name: "gone.bin", getFile: () => Promise.reject(new Error()) };
        async function* values() {
          yield gone;
          yield* (await navigator.storage.getDirectory()).values();
        }
        globalThis.showDirectoryPicker = async () => ({ name: "picked", values });
      `);
      await page.reload();
      await page.evaluate(async () => {
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle("fixtures", { create: true });
        const file = await folder.getFileHandle("mlp-1x512.true.json", { create: true });
        const writable = await file.createWritable();
        await writable.write("{}");
        await writable.close();
      });
      await page.click("#folder");
      const told = await accepted(page, 2);
      assert.match(told, "picked/gone.bin: it cannot be read");
      assert.match(told, "taken as fixtures/mlp-1x512.true.json");
    }));

  test(`${name} gives the logits that Node gives, bit for bit, of every kind of network`, () =>
    use(async (open) => {
      const page = await open();
      await page.goto(`${origin}/audit`);
      for (const id of NETS) {
        const digest = known.get(id) ?? (await digestHere(id));
        known.set(id, digest);
        assert.is(await digestThere(page, id), digest, id);
      }
    }));

  test(`${name} stops, and goes on with what it has`, () =>
    use(async (open) => {
      const page = await open();
      await page.goto(`${origin}/audit?checkpoint=${NET}`);
      await page.select("#amount", "3");
      await page.click("#start");
      await page.waitForSelector("#shards tbody tr");
      const first = await textOf(page, "#shards tbody tr:last-child");
      await page.click("#stop");
      await page.waitForFunction(() => document.querySelector("#start")?.textContent === "Go on");
      assert.match(await recompute(page), "All that was recomputed matches");
      const shards = await page.$$eval("#shards tbody tr", (rows) =>
        rows.map((row) => row.textContent),
      );
      assert.is(shards.length, 6);
      assert.ok(shards.includes(first), "it draws the same shards");

      await page.click("#start");
      await page.click("#stop");
      await page.waitForFunction(() => document.querySelector("#start")?.textContent === "Go on");
      await page.select("#target", "checkpoint:mlp-1x512.true");
      assert.is(await textOf(page, "#start"), "Recompute");
    }));

  test(`${name} forgets its files in a reload, and makes workers anew after they failed`, () =>
    use(async (open) => {
      const page = await open();
      await page.evaluateOnNewDocument(`
        globalThis.Worker = class extends Worker {
          constructor(address, options) {
            super(String(address).includes(globalThis.missing) ? address + ".gone" : address, options);
          }
        };
      `);
      await page.goto(`${origin}/audit?checkpoint=${NET}`);
      await page.evaluate('globalThis.missing = "auditor"');
      await give(page, [`${PROJECT}/fixtures/${NET}.json`]);
      await page.waitForFunction(() => document.querySelector("#result")?.hasChildNodes());
      assert.match(await textOf(page, "#result"), "the auditor did not start");
      assert.match(await textOf(page, "#accepted"), "Recompute reads the 1 files once more");
      await page.evaluate('globalThis.missing = "evaluator"');
      assert.match(await recompute(page), "a worker could not be started");
      assert.is(await textOf(page, "#stage"), "");
      await page.evaluate("globalThis.missing = undefined");
      assert.match(await recompute(page), "All that was recomputed matches");
      assert.is(await page.evaluate(() => document.activeElement?.id), "start");
      await page.reload();
      assert.is(
        await page.$eval("#files", (input) => (input as HTMLInputElement).files?.length),
        0,
      );
    }));
}

test.after(async () => {
  for (const { close } of found) await close();
  await server?.end();
  await rm(folder, { recursive: true, force: true });
});

if (found.length > 0) test.run();
