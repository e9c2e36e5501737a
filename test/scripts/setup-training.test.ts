/** What the set-up of training asks for, recognizes and refuses; it changes nothing here. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  fileSha256,
  findLibrary,
  type Library,
  missingTools,
  pinnedSha256,
  pipDownload,
  requirements,
} from "../../scripts/setup-training/libtensorflow.ts";
import { layOut, SetupError, unpackGiven } from "../../scripts/setup-training/unpack.ts";
import { ROOT } from "../home.ts";

const test = suite("setup:training", { folder: "" });
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "rethink-"));
});
test.after.each((context) => rmSync(context.folder, { recursive: true }));

function touch(...paths: string[]) {
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
  }
}

test("pip gets every wheel with its hash, and one Python for everybody", () => {
  assert.is(
    requirements("cpu"),
    "tensorflow-cpu==2.21.0 --hash=sha256:2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c\n",
  );
  const gpu = requirements("gpu").trimEnd().split("\n");
  assert.match(gpu[0] as string, /^tensorflow==2\.21\.0 /);
  for (const line of gpu) assert.match(line, /^[a-z0-9-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/);
  for (const library of ["cublas", "cuda-runtime", "cudnn", "cufft", "cusolver", "cusparse"]) {
    assert.ok(gpu.some((line) => line.startsWith(`nvidia-${library}-cu12==`)));
  }
  const line = pipDownload("list.txt", "wheels").join(" ");
  assert.match(line, /--no-deps --require-hashes --only-binary=:all: /);
  assert.match(line, /--python-version 3\.11 .*-d wheels -r list\.txt$/);
});

test("a wheel is told by its file name", () => {
  assert.match(
    pinnedSha256("tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl") as string,
    /^2b847d21/,
  );
  assert.match(
    pinnedSha256("tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl") as string,
    /^9056fbc9/,
  );
  assert.is(pinnedSha256("tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl"), undefined);
  assert.is(pinnedSha256("tensorflow_cpu-2.20.0-cp311-cp311-linux_x86_64.whl"), undefined);
});

test("a file's SHA-256 is FIPS 180's", async ({ folder }) => {
  writeFileSync(join(folder, "abc"), "abc");
  assert.is(
    await fileSha256(join(folder, "abc")),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("a library is found in a wheel, its folder and a tarball's", async ({ folder }) => {
  assert.is(await findLibrary(folder), undefined);
  const wheel = join(folder, "wheel/tensorflow");
  touch(join(wheel, "libtensorflow_cc.so.2"), join(wheel, "libtensorflow_framework.so.2"));
  assert.is(await findLibrary(wheel), undefined); // no headers
  touch(join(wheel, "include/tensorflow/c/c_api.h"));
  assert.is((await findLibrary(wheel))?.main, join(wheel, "libtensorflow_cc.so.2"));
  assert.is((await findLibrary(join(folder, "wheel")))?.include, join(wheel, "include"));
  assert.is((await findLibrary(wheel))?.nvidia, undefined);
  mkdirSync(join(folder, "wheel/nvidia"));
  assert.is((await findLibrary(wheel))?.nvidia, join(folder, "wheel/nvidia"));

  const tarball = join(folder, "tarball");
  touch(
    join(tarball, "include/tensorflow/c/c_api.h"),
    join(tarball, "lib/libtensorflow.so.2"),
    join(tarball, "lib/libtensorflow_framework.so.2"),
  );
  const found = await findLibrary(tarball);
  assert.is(found?.main, join(tarball, "lib/libtensorflow.so.2"));
  assert.is(found?.framework, join(tarball, "lib/libtensorflow_framework.so.2"));
});

test("what is missing is said at once, in one line", () => {
  const needed = ["python3 -m pip", "c++", "make"];
  assert.is(
    missingTools(needed, () => true),
    undefined,
  );
  assert.is(
    missingTools(needed, (command) => command === "make"),
    "install Python's pip, a C++ compiler first",
  );
});

test("what --from names is refused if it is not what it should be", async ({ folder }) => {
  const wheel = join(folder, "tensorflow_cpu-2.21.0-cp311-cp311-x.whl");
  writeFileSync(wheel, "half of it");
  writeFileSync(join(folder, "file.tar.gz"), "no tarball");
  const cases: [string, RegExp][] = [
    [join(folder, "none"), /none: there is no such file or folder$/],
    [wheel, /its SHA-256 is not 2b847d21\w+; fetch it again$/],
    [join(folder, "file.tar.gz"), /neither a wheel nor a tarball/],
  ];
  for (const [path, line] of cases) {
    try {
      await unpackGiven(path, folder);
      assert.unreachable(`${path} was accepted`);
    } catch (error) {
      assert.instance(error, SetupError);
      assert.match((error as Error).message, line);
    }
  }
});

test("a library is laid out as the addon and TensorFlow look for it", async ({ folder }) => {
  const wheel = join(folder, "wheel");
  touch(
    join(wheel, "tensorflow/include/tensorflow/c/c_api.h"),
    join(wheel, "tensorflow/libtensorflow_cc.so.2"),
    join(wheel, "tensorflow/libtensorflow_framework.so.2"),
    join(wheel, "nvidia/cublas/lib/libcublas.so.12"),
    join(wheel, "nvidia/cublas/lib/__init__.py"),
  );
  const deps = join(folder, "deps");
  await layOut((await findLibrary(wheel)) as Library, deps);
  assert.equal(readdirSync(join(deps, "lib")).sort(), [
    "libcublas.so.12",
    "libtensorflow.so",
    "libtensorflow_cc.so.2",
    "libtensorflow_framework.so",
    "libtensorflow_framework.so.2",
  ]);
  for (const name of readdirSync(join(deps, "lib"))) {
    assert.ok(existsSync(join(deps, "lib", name)), `${name} leads somewhere`);
  }
  assert.ok(existsSync(join(deps, "include/tensorflow/c/c_api.h")));
});

test("wrong use is one line and exit code 2", () => {
  const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
  const cases: [string[], RegExp][] = [
    [["--gpu", "--from", "x"], /^setup:training: use either --gpu or --from\n$/],
    [["--cuda"], /^setup:training: Unknown option '--cuda'.*\n$/],
  ];
  for (const [args, line] of cases) {
    const run = spawnSync(
      process.execPath,
      [...launch, join(ROOT, "scripts/setup-training.ts"), ...args],
      { cwd: ROOT, encoding: "utf8" },
    );
    assert.is(run.status, 2, run.stderr);
    assert.match(run.stderr, line);
  }
});

test.run();
