/** A static origin: written once, then only what changed; read by its manifest, compared by digest. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { refusal } from "../refusal.ts";
import { MANIFEST, parseManifest } from "../../src/datasets/manifest.ts";
import { originStorage } from "../../src/datasets/origin.ts";
import { publishedOrigin } from "../../src/datasets/published-origin.ts";
import { folderStorage } from "../../src/local/folder.ts";
import { publishInto, readManifest } from "../../src/local/publish.ts";
import type { PublishedFile } from "../../src/local/published-files.ts";
import { serveStatic } from "../static-server.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];

async function* of(files: PublishedFile[]) {
  yield* files;
}
const file = (path: string, ...bytes: number[]) => ({ path, bytes: Uint8Array.from(bytes) });
const FILES: PublishedFile[] = [
  file("models/a/model.onnx", 1, 2, 3),
  { ...file("cifar10/x/0.bin", 4, 5), partOf: "cifar10/x.bin" },
  { ...file("cifar10/x/1.bin", 6, 7), partOf: "cifar10/x.bin" },
  { ...file("labels/l.bin", 9), labels: { kind: "true" } },
];

const test = suite("publish", { folder: "" });
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "rethink-"));
  await publishInto(context.folder, of(FILES));
});
test.after.each((context) => rm(context.folder, { recursive: true }));

test("what is right is left alone, what is wrong is mended, what is gone is removed", async ({
  folder,
}) => {
  const whenWritten = async (path: string) => (await stat(join(folder, path))).mtimeMs;
  const before = await whenWritten(MANIFEST);
  assert.equal(await publishInto(folder, of(FILES)), {
    files: 4,
    bytes: 8,
    written: 0,
    removed: 0,
  });
  assert.is(await whenWritten(MANIFEST), before);
  await writeFile(join(folder, "models/a/model.onnx"), Uint8Array.of(1, 2, 4)); // as long, and wrong
  await writeFile(join(folder, "robots.txt"), "mine");
  const done = await publishInto(folder, of(FILES.slice(0, 3)));
  assert.equal(done, { files: 3, bytes: 7, written: 1, removed: 1 });
  assert.equal([...(await readFile(join(folder, "models/a/model.onnx")))], [1, 2, 3]);
  assert.equal((await readdir(folder)).sort(), [
    "cifar10",
    "labels",
    MANIFEST,
    "models",
    "robots.txt",
  ]);
  assert.equal(Object.keys((await readManifest(folder))?.files ?? {}).length, 3);
});

test("a manifest names nothing outside its folder", async ({ folder }) => {
  const good = await readFile(join(folder, MANIFEST), "utf8");
  for (const path of ["../x", "/etc/x", "a/../../x", "a/..", "..", "a//b"]) {
    const bad = new TextEncoder().encode(good.replace("labels/l.bin", path));
    assert.throws(() => parseManifest(bad), /manifest\.json: /, path);
  }
  const lost = good.replace(/"cifar10\/x\/1\.bin": \{/, '"cifar10/x/2.bin": {');
  assert.throws(() => parseManifest(new TextEncoder().encode(lost)), /1\.bin is a part of a file/);
  await writeFile(join(folder, MANIFEST), "<html>");
  assert.match(await refusal(readManifest(folder)), /is not JSON/);
});

test("the manifest says what is there, and every whole file is checked", async ({ folder }) => {
  const server = await serveStatic(() => folderStorage(folder));
  const storage = publishedOrigin(originStorage(server.origin, { tries: 1 }));
  try {
    assert.equal([...(await storage.read("models/a/model.onnx"))], [1, 2, 3]);
    assert.equal([...(await storage.read("cifar10/x.bin"))], [4, 5, 6, 7]);
    assert.equal([...(await storage.read("cifar10/x.bin", 1, 3))], [5, 6]);
    assert.equal([...(await storage.read("cifar10/x.bin", 2, 4))], [6, 7]);
    server.asked = [];
    assert.is(await storage.exists("cifar10/x.bin"), true);
    assert.is(await storage.exists("fixtures/a.json"), false);
    assert.is(await storage.exists("__proto__"), false);
    assert.match((await storage.version("models/a/model.onnx")) ?? "", /^[0-9a-f]{64}$/);
    assert.is(await storage.version("fixtures/a.json"), undefined);
    assert.equal(server.asked, []);
    assert.match(await refusal(storage.read("cifar10/x.bin", 2, 5)), /shorter/);
    assert.match(await refusal(storage.read("fixtures/a.json")), /does not name it/);
    await writeFile(join(folder, "models/a/model.onnx"), Uint8Array.of(1, 2, 4));
    assert.match(await refusal(storage.read("models/a/model.onnx")), /has other bytes there/);
    // Published anew, with another file of the name: the next to ask has it.
    await publishInto(folder, of([file("models/a/model.onnx", 8)]));
    assert.equal([...(await storage.read("models/a/model.onnx"))], [8]);
  } finally {
    server.close();
  }
});

test("an origin without a manifest is read as it is", async ({ folder }) => {
  await rm(join(folder, MANIFEST));
  const server = await serveStatic(() => folderStorage(folder));
  const storage = publishedOrigin(originStorage(server.origin));
  try {
    assert.equal([...(await storage.read("models/a/model.onnx", 1, 2))], [2]);
    assert.is(await storage.exists("cifar10/x.bin"), false);
    assert.is(await storage.exists("cifar10/x/0.bin"), true);
  } finally {
    server.close();
  }
});

/** The command as its user runs it. */
async function check(folder: string, url: string) {
  const args = [...launch, "src/cli/main.ts", "publish", folder, "--check", url];
  const child = spawn(process.execPath, args, { cwd: root });
  const [[status], out, err] = await Promise.all([
    once(child, "close"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, out, err };
}

test("--check names what differs where it is deployed", async ({ folder }) => {
  const deployed = await mkdtemp(join(tmpdir(), "rethink-"));
  await publishInto(deployed, of(FILES));
  const server = await serveStatic(() => folderStorage(deployed));
  try {
    const same = await check(folder, server.origin);
    assert.is(same.status, 0, same.err);
    assert.match(same.out, /has all 5 files, byte for byte/);
    await publishInto(deployed, of([...FILES.slice(0, 2), file("more.txt", 1)]));
    await writeFile(join(deployed, "models/a/model.onnx"), Uint8Array.of(1, 2, 4));
    const other = await check(folder, server.origin);
    assert.is(other.status, 1);
    const lines = other.out.trim().split("\n").sort();
    assert.is(lines.length, 4, other.out);
    assert.match(lines[0] ?? "", /cannot read cifar10\/x\/1\.bin: there is no such file/);
    assert.match(lines[1] ?? "", /cannot read labels\/l\.bin/);
    assert.match(lines[2] ?? "", /manifest\.json is another there, and names more\.txt/);
    assert.match(
      lines[3] ?? "",
      /^models\/a\/model\.onnx has 3 bytes and SHA-256 [0-9a-f]{64}, not 3/,
    );
  } finally {
    server.close();
    await rm(deployed, { recursive: true });
  }
});

test.run();
