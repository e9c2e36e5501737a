/** A kernel's factor on disk: what is not whole is computed anew. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { keptBlocks } from "../../src/cli/kept-blocks.ts";
import { flipByte } from "../home.ts";

const test = suite("kept blocks", { folder: "" });
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "rethink-blocks-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const VALUES = Float32Array.of(1, -2.5, Math.PI);

test("a block is read as it was written, and with it how long all took", async ({ folder }) => {
  const { store, seconds } = await keptBlocks(folder);
  assert.is(await store.read(0, 1, 3), undefined);
  await store.write(0, 1, VALUES);
  const again = await keptBlocks(folder);
  assert.equal(await again.store.read(0, 1, 3), VALUES);
  assert.is(await again.store.read(1, 1, 3), undefined);
  assert.is(again.seconds(), seconds());
});

test("a changed byte, a missing one and another size are none", async ({ folder }) => {
  const { store } = await keptBlocks(folder);
  await store.write(0, 0, VALUES);
  assert.is(await store.read(0, 0, 2), undefined);
  const path = join(folder, "0-0.f32");
  const whole = readFileSync(path);
  flipByte(path, 5);
  assert.is(await store.read(0, 0, 3), undefined);
  writeFileSync(path, whole);
  truncateSync(path, whole.length - 1);
  assert.is(await store.read(0, 0, 3), undefined);
});

test("seconds that are no number count as none", async ({ folder }) => {
  writeFileSync(join(folder, "seconds"), "x");
  assert.is((await keptBlocks(folder)).seconds(), 0);
});

test.run();
