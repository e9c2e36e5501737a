/** Files are written beside and renamed into place: nobody sees half of one. */
import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { writeWhole } from "../../src/local/folder.ts";

const test = suite("folder", { folder: "" });
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "rethink-"));
});
test.after.each((context) => rm(context.folder, { recursive: true }));

test("who has the old file open goes on reading the old one", async ({ folder }) => {
  const path = join(folder, "file");
  await writeFile(path, "old");
  const reader = await open(path);
  await writeWhole(path, "new");
  assert.is(await reader.readFile("utf8"), "old");
  await reader.close();
  assert.is(await readFile(path, "utf8"), "new");
});

test("two who write at once each write a whole file, and leave nothing else", async ({
  folder,
}) => {
  const path = join(folder, "file");
  const texts = ["a", "b"].map((letter) => letter.repeat(1_000_000));
  await Promise.all(texts.map((text) => writeWhole(path, text)));
  assert.ok(texts.includes(await readFile(path, "utf8")));
  assert.equal(await readdir(folder), ["file"]);
});

test.run();
