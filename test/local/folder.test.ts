/** Files are written beside and renamed into place: nobody sees half of one. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { doneBeside, takeBeside } from "../../src/beside.ts";
import { checkWritable, folderStorage, isStream, writeWhole } from "../../src/local/folder.ts";
import { makeFolder } from "../../src/make-folder.ts";
import { refusal } from "../refusal.ts";

const test = suite("folder", { folder: "" });
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "rethink-"));
});
test.after.each((context) => rm(context.folder, { recursive: true }));

test("folders are made as far as they can be; below one that cannot be it is said, and not tried for ever", async ({
  folder,
}) => {
  const path = join(folder, "a/b/c");
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(path, "d"))]);
  assert.equal(await readdir(path), ["d"]);
  await writeFile(join(folder, "file"), "");
  const codeOf = async (where: string) =>
    await makeFolder(where).then(
      () => undefined,
      ({ code }) => code,
    );
  assert.is(await codeOf(join(folder, "file/x/y")), "ENOTDIR");
  if (process.platform === "linux") assert.is(await codeOf("/proc/none/x/y"), "ENOENT");
});

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

test("a link that leads out of the folder is not read, by whatever name", async ({ folder }) => {
  const { read, exists, version } = folderStorage(join(folder, "project"));
  await mkdir(join(folder, "project/models"), { recursive: true });
  await writeFile(join(folder, "key.pem"), "secret");
  await writeFile(join(folder, "project/key.pem"), "not secret");
  await symlink("../../key.pem", join(folder, "project/models/README.md"));
  await symlink("..", join(folder, "project/up"));
  await symlink(folder, join(folder, "project/absolute"));
  for (const path of ["models/README.md", "up/key.pem", "absolute/key.pem", "../key.pem"]) {
    assert.match(await refusal(read(path)), /leads out of its folder/, path);
    assert.match(await refusal(read(path, 0, 3)), /leads out of its folder/, path);
    assert.match(await refusal(exists(path)), /leads out of its folder/, path);
    assert.is(await version(path), undefined, path);
  }
  // Nor what lies in the project beside what is published: a key, or what git keeps.
  await mkdir(join(folder, "project/.rethink"));
  await writeFile(join(folder, "project/.rethink/key.pem"), "secret");
  await symlink("../.rethink/key.pem", join(folder, "project/models/key.pem"));
  await symlink("../.rethink", join(folder, "project/models/folder"));
  await symlink(".rethink/key.pem", join(folder, "project/LICENSE"));
  for (const path of [
    "models/key.pem",
    "models/folder/key.pem",
    "models/../.rethink/key.pem",
    "models/../key.pem",
    "LICENSE",
    "./.rethink/key.pem",
  ])
    assert.match(await refusal(read(path)), /leads out of its folder/, path);
  await writeFile(join(folder, "project/models/own.md"), "not secret");
  await symlink("own.md", join(folder, "project/models/inside.md"));
  assert.is(new TextDecoder().decode(await read("models/inside.md")), "not secret");
});

test("a pipe is not waited for", async ({ folder }) => {
  if (spawnSync("mkfifo", [join(folder, "pipe")]).status !== 0) return; // Windows has none
  const { read, exists } = folderStorage(folder);
  assert.is(await exists("pipe"), false);
  assert.match(await refusal(read("pipe")), /^pipe is no file; /);
  assert.match(await refusal(read("pipe", 0, 1)), /^pipe is no file; /);
});

test("a pipe is written to, and stays what it is; nothing takes the place of a device", async ({
  folder,
}) => {
  const pipe = join(folder, "pipe");
  if (spawnSync("mkfifo", [pipe]).status !== 0) return; // Windows has none
  await checkWritable(pipe); // nobody reads yet
  const reader = spawn("cat", [pipe], { stdio: ["ignore", "pipe", "inherit"] });
  const heard = once(reader.stdout as Readable, "data");
  await writeWhole(pipe, "text");
  assert.is(String((await heard)[0]), "text");
  assert.ok((await lstat(pipe)).isFIFO());
  assert.equal(await readdir(folder), ["pipe"]);
  await symlink("/dev/null", join(folder, "null")); // were it replaced, the link alone would be
  await writeWhole(join(folder, "null"), "text");
  assert.is(await readlink(join(folder, "null")), "/dev/null");
  await symlink("/dev/full", join(folder, "full"));
  if (process.platform === "linux")
    assert.match(await refusal(writeWhole(join(folder, "full"), "text")), /\(ENOSPC\)/);
});

test("a folder that is itself behind a link is read", async ({ folder }) => {
  await mkdir(join(folder, "real"));
  await writeFile(join(folder, "real/file"), "text");
  await symlink("real", join(folder, "link"));
  assert.ok(await folderStorage(join(folder, "link")).exists("file"));
});

/**
 * A process that writes a file for as long as it lives.
 * @param before the command that runs it
 */
function writer(path: string, before: string[] = []): ChildProcess {
  const program = fileURLToPath(new URL("../../src/beside.ts", import.meta.url));
  const code = `import(${JSON.stringify(program)}).then(({ nameBeside }) => {
    require("node:fs").writeFileSync(nameBeside(${JSON.stringify(path)}), "half");
    console.log("wrote");
    setInterval(() => {}, 1000);
  });`;
  const deno = "Deno" in globalThis;
  const args = deno ? ["eval", "--ext=cjs", code] : ["--import", "tsx", "-e", code];
  const [first, ...rest] = [...before, process.execPath, ...args] as [string, ...string[]];
  return spawn(first, rest, { stdio: ["ignore", "pipe", "inherit"] });
}

test("what a killed run left beside a file is removed by the next, and nothing else", async ({
  folder,
}) => {
  const [dead, alive] = ["dead", "alive"].map((name) => writer(join(folder, name)));
  await Promise.all([dead, alive].map((child) => once(child?.stdout as Readable, "data")));
  dead?.kill("SIGKILL");
  await once(dead as ChildProcess, "exit");
  const [name] = (await readdir(folder)).filter((file) => file.startsWith("dead."));
  const unpacking = join(folder, `${name}`.replace("dead", "fetching")); // as a package is fetched
  await mkdir(unpacking);
  await writeFile(join(unpacking, "package.tgz"), "half");
  await writeFile(join(folder, "mine.part"), "");
  await writeWhole(join(folder, "file"), "");
  const left = (await readdir(folder)).sort();
  assert.is(left.length, 3, left.join());
  assert.ok(left[0]?.startsWith("alive.") && left[1] === "file" && left[2] === "mine.part");
  alive?.kill("SIGKILL");
});

test("what a killed run left of a file is taken over, what another writes is not waited for", async ({
  folder,
}) => {
  const path = join(folder, "model.onnx");
  const [dead, alive] = [writer(path), writer(path)];
  await Promise.all([dead, alive].map((child) => once(child.stdout as Readable, "data")));
  dead.kill("SIGKILL");
  await once(dead, "exit");
  const taken = await takeBeside(path);
  assert.is(await readFile(taken, "utf8"), "half");
  doneBeside(taken); // as one does who failed
  const again = await takeBeside(path);
  assert.is(await readFile(again, "utf8"), "half");
  const left = (await readdir(folder)).map((name) => Number(name.split("-")[1])).sort();
  assert.equal(left, [process.pid, alive.pid].sort());
  alive.kill("SIGKILL");
});

test("what a process with numbers of its own writes, as in a container, is not taken for left", async ({
  folder,
}) => {
  const apart = ["unshare", "-p", "-f", "--kill-child", "--mount-proc"];
  if (spawnSync("unshare", [...apart.slice(1), "true"]).status !== 0)
    return console.log("skipped: a process with numbers of its own: none can be made here");
  const other = writer(join(folder, "file"), apart);
  await once(other.stdout as Readable, "data");
  await writeWhole(join(folder, "another"), "");
  assert.is((await readdir(folder)).length, 2);
  other.kill("SIGKILL");
  await once(other, "exit");
});

test("a link to a descriptor is a stream, however it is written", async ({ folder }) => {
  if (process.platform !== "linux") return;
  const file = await open(join(folder, "out"), "w");
  const link = join(folder, "link");
  await symlink(relative(folder, `/proc/${process.pid}/fd/${file.fd}`), link);
  assert.ok(await isStream(link));
  assert.not(await isStream(join(folder, "out")));
  await file.close();
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
