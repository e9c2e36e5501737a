/** Files are written beside and renamed into place: nobody sees half of one. */
import { mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { InputError } from "../../src/datasets/storage.ts";
import { checkWritable, folderStorage, writeWhole } from "../../src/local/folder.ts";

const test = suite("folder", { folder: "" });
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "rethink-"));
});
test.after.each((context) => rm(context.folder, { recursive: true }));

/** The message of the InputError that something must end with. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  const [end] = await Promise.allSettled([promise]);
  if (end?.status !== "rejected" || !(end.reason instanceof InputError))
    throw new Error("it was not refused");
  return end.reason.message;
}

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

test("of two who write a file that is to be kept, the first stays", async ({ folder }) => {
  const path = join(folder, "file");
  await Promise.all(["a", "b", "c"].map((text) => writeWhole(path, text, { keep: true })));
  const first = await readFile(path, "utf8");
  await writeWhole(path, "later", { keep: true });
  assert.is(await readFile(path, "utf8"), first);
  assert.equal(await readdir(folder), ["file"]);
});

test("what cannot be looked at is not called absent", async ({ folder }) => {
  await symlink("loop", join(folder, "loop"));
  const { exists } = folderStorage(folder);
  assert.not(await exists("nothing"));
  assert.not(await exists("nothing/below"));
  assert.match(await refusal(exists("loop")), /^cannot read loop \(ELOOP\)/);
});

test("whether a file can be written is known before, and leaves nothing", async ({ folder }) => {
  await checkWritable(join(folder, "file"));
  assert.equal(await readdir(folder), []);
  assert.match(await refusal(checkWritable(folder)), /is a folder; name a file in it$/);
  await writeFile(join(folder, "file"), "");
  assert.match(
    await refusal(checkWritable(join(folder, "file/below"))),
    /^cannot write .*file\/below/,
  );
});

test.run();
