/** What people name as a dataset's folder: the right one, one above it, or something else. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { cifar10Source } from "../../src/local/cifar10-source.ts";
import { datasetFolder, openDataset } from "../../src/local/dataset.ts";
import { folderStorage } from "../../src/local/folder.ts";
import { officialFolder } from "../../src/local/official-folder.ts";

const test = suite("official folder", { folder: "" });
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "rethink-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const find = async (path: string) => await officialFolder(cifar10Source, path);

async function refused(path: string, line: RegExp) {
  await find(path).then(
    (found) => assert.unreachable(`${found} was taken`),
    (error) => {
      assert.match(error.message, line);
      assert.match(error.message, path);
      assert.match(
        error.message,
        /RETHINK_CIFAR10 names .* folder with data_batch_1\.bin and the 5 /,
      );
    },
  );
}

test("the folder itself, its parent, and ~ before it", async ({ folder }) => {
  const inside = join(folder, "cifar-10-batches-bin");
  mkdirSync(inside);
  writeFileSync(join(folder, "a.txt"), "");
  writeFileSync(join(inside, "data_batch_1.bin"), "");
  assert.is(await find(inside), inside);
  assert.is(await find(folder), inside);
  assert.is(await find(`~/${relative(homedir(), inside)}`), inside);
});

test("what is there instead is said", async ({ folder }) => {
  await refused(folder, /, which is empty;/);
  await refused(join(folder, "none"), /which cannot be read, or is not there/);
  const archive = join(folder, "cifar-10-binary.tar.gz");
  writeFileSync(archive, "");
  await refused(archive, /which is an archive: unpack it/);
  await refused(folder, /which holds cifar-10-binary\.tar\.gz;/);
  for (const name of ["batches.meta", "data_batch_1", "data_batch_2"])
    writeFileSync(join(folder, name), "");
  await refused(folder, /which holds the Python version, whose files are pickles/);
});

test("a person's folder may be a link, and hold links, as a repository's may not", async ({
  folder,
}) => {
  const [links, other] = [join(folder, "links"), join(folder, "other")];
  mkdirSync(links);
  const official = await datasetFolder("cifar10");
  for (const { path } of cifar10Source.files)
    symlinkSync(join(official, basename(path)), join(links, basename(path)));
  symlinkSync(links, other);
  const was = process.env.RETHINK_CIFAR10;
  process.env.RETHINK_CIFAR10 = other;
  try {
    const bytes = await (await openDataset()).read("cifar10/test_batch.bin", 0, 10);
    assert.is(bytes.length, 10);
    await folderStorage(other)
      .read("test_batch.bin", 0, 10)
      .then(
        () => assert.unreachable("a link out of a repository was read"),
        (error) => assert.match(error.message, /leads out of its folder/),
      );
  } finally {
    if (was === undefined) delete process.env.RETHINK_CIFAR10;
    else process.env.RETHINK_CIFAR10 = was;
  }
});

test.run();
