/**
 * Brings a current libtensorflow under @tensorflow/tfjs-node-gpu and builds its
 * addon. The package's own download is a TensorFlow of 2022; the C library
 * inside the pip wheel is current.
 *
 *   npm run setup:training                          tensorflow-cpu, for every machine
 *   npm run setup:training -- --gpu                 tensorflow with its CUDA libraries
 *   npm run setup:training -- --from PATH           a wheel, an unpacked one, or a libtensorflow tarball
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findLibrary, missingTools, WHEELS } from "./setup-training/libtensorflow.ts";
import { fetchWheels, layOut, run, SetupError, unpackGiven } from "./setup-training/unpack.ts";
import { isWrongUse } from "./wrong-use.ts";

function runs(command: string): boolean {
  const [program, ...args] = command.split(" ") as [string, ...string[]];
  return spawnSync(program, [...args, "--version"]).status === 0;
}

const NO_GPU = "no GPU";

/** TensorFlow's version and device if the addon loads, asked in a process of its own. */
function loaded(cwd: string): string | undefined {
  const script = `
    require("node:util").isNullOrUndefined ??= (x) => x === null || x === undefined;
    require("@tensorflow/tfjs-node-gpu");
    const backend = require("@tensorflow/tfjs").backend();
    console.log("TensorFlow", backend.binding.TF_Version + ",", backend.isUsingGpuDevice ? "a GPU" : "${NO_GPU}");
  `;
  const { status, stdout } = spawnSync(process.execPath, ["-e", script], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" },
  });
  return status === 0 ? stdout.trim().split("\n").at(-1) : undefined;
}

function build(gpu: string): void {
  // Headers that came with Node spare a download that not every network allows.
  const prefix = resolve(dirname(process.execPath), "..");
  const headers = existsSync(join(prefix, "include/node/node_api.h"));
  run(
    "npx",
    [
      ...["node-pre-gyp", "rebuild", "--build-from-source"],
      ...(headers && !process.env.npm_config_nodedir ? [`--nodedir=${prefix}`] : []),
    ],
    gpu,
    "the addon did not build; it needs a C++17 compiler, make, Python and Node's headers",
  );
}

function packageFolder(): string {
  try {
    const require = createRequire(import.meta.url);
    return dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  } catch {
    throw new SetupError("@tensorflow/tfjs-node-gpu is not installed; run npm ci");
  }
}

async function setUp(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { from: { type: "string" }, gpu: { type: "boolean" } },
  });
  const { from, gpu } = values;
  if (from === "") throw new SetupError("--from names no path");
  if (from && gpu) throw new SetupError("use either --gpu or --from");
  const home = packageFolder();
  const deps = join(home, "deps");
  const wanted = from ? resolve(from) : (Object.keys(WHEELS[gpu ? "gpu" : "cpu"])[0] as string);
  const laidOut = await readFile(join(deps, "from.txt"), "utf8").catch(() => "");
  const there = loaded(home);
  if (there && (laidOut === wanted || (!from && !gpu))) {
    console.log(`training is set up already: ${there}`);
    return;
  }

  const fetches = !from && laidOut !== wanted;
  if (fetches && `${process.platform}-${process.arch}` !== "linux-x64") {
    throw new SetupError(
      "wheels are pinned for Linux on x86-64; --from takes a TensorFlow of yours",
    );
  }
  const missing = missingTools(
    [fetches ? "python3 -m pip" : "python3", "c++", "make", ...(from ? ["tar"] : [])],
    runs,
  );
  if (missing) throw new SetupError(missing);

  if (laidOut !== wanted) {
    const work = join(home, "setup.part"); // beside deps, so that it can be renamed into place
    await rm(work, { recursive: true, force: true });
    await mkdir(work);
    try {
      if (!from) console.log(`fetching ${wanted} (${gpu ? "about 3 GB with CUDA" : "274 MB"})`);
      const folder = from
        ? await unpackGiven(wanted, work)
        : await fetchWheels(gpu ? "gpu" : "cpu", work);
      const library = await findLibrary(folder);
      if (!library) {
        throw new SetupError(
          `${wanted} holds no libtensorflow: a wheel has include/ and libtensorflow_cc.so.2 in tensorflow/, a tarball include/ and lib/libtensorflow.so.2`,
        );
      }
      await layOut(library, join(work, "deps"));
      await writeFile(join(work, "deps/from.txt"), wanted);
      await rm(deps, { recursive: true, force: true });
      await rename(join(work, "deps"), deps);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  console.log("building the addon");
  build(home);
  const now = loaded(home);
  if (!now) throw new SetupError("the addon was built and does not load; is glibc 2.27 or newer?");
  if (gpu && now.endsWith(NO_GPU)) {
    throw new SetupError(
      `${now}: the GPU library is in place but finds none, so training would use the processor; does nvidia-smi list one?`,
    );
  }
  console.log(`training is set up: ${now}`);
}

try {
  await setUp(process.argv.slice(2));
} catch (error) {
  const ofDisk = error instanceof Error && "syscall" in error; // full, or not to be written to
  if (!(error instanceof SetupError) && !ofDisk && !isWrongUse(error)) throw error;
  console.error(`setup:training: ${error.message}`);
  process.exitCode = 2;
}
