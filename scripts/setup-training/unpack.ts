/** From wheels or a tarball to a libtensorflow laid out for the addon. */
import { spawnSync } from "node:child_process";
import { cp, mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  fileSha256,
  type Kind,
  type Library,
  pinnedSha256,
  pipDownload,
  requirements,
} from "./libtensorflow.ts";

/** What ends the setup with one line. */
export class SetupError extends Error {}

/** Runs a program; where it fails, `wanted` comes first and its own last lines follow. */
export function run(program: string, args: string[], cwd: string, wanted: string): void {
  const { status, error, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", program === "python3" ? "inherit" : "ignore", "pipe"],
    maxBuffer: 2 ** 28,
  });
  if (error || status !== 0) {
    const lines = (stderr ?? String(error)).trim().split("\n").slice(-15);
    throw new SetupError([wanted, ...lines].join("\n"));
  }
}

/** Unpacks of a wheel only what the addon needs. */
function unpackWheels(folder: string, into: string): void {
  const script = `
import glob, re, sys, zipfile
for wheel in glob.glob(sys.argv[1]):
    with zipfile.ZipFile(wheel) as z:
        z.extractall(sys.argv[2], [n for n in z.namelist() if re.match(
            "tensorflow/include/|tensorflow/libtensorflow_[a-z]+.so|nvidia/[a-z_]+/lib/", n)])`;
  run("python3", ["-c", script, folder, into], into, "the wheel could not be unpacked");
}

/**
 * The folder that holds what --from names, unpacked into `work` where need be.
 * @throws SetupError if it is not there or not what it should be.
 */
export async function unpackGiven(path: string, work: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new SetupError(`--from ${path}: there is no such file or folder`);
  if (found.isDirectory()) return path;
  if (path.endsWith(".whl")) {
    const pinned = pinnedSha256(basename(path));
    if (pinned && (await fileSha256(path)) !== pinned) {
      throw new SetupError(`--from ${path}: its SHA-256 is not ${pinned}; fetch it again`);
    }
    if (!pinned)
      console.log(`${basename(path)} is none of the pinned wheels and is taken as it is`);
    unpackWheels(path, work);
  } else {
    run("tar", ["-xf", path, "-C", work], work, `--from ${path}: neither a wheel nor a tarball`);
  }
  return work;
}

/** Fetches and unpacks the pinned wheels. */
export async function fetchWheels(kind: Kind, work: string): Promise<string> {
  const list = join(work, "requirements.txt");
  await writeFile(list, requirements(kind));
  run(
    "python3",
    pipDownload(list, work),
    work,
    "pip could not fetch the wheels; --from takes your own",
  );
  unpackWheels(join(work, "*.whl"), work);
  return work;
}

/**
 * Lays a library out as binding.gyp and TensorFlow look for it. TensorFlow finds
 * CUDA's libraries in ../nvidia, as beside the wheel's tensorflow/; links beside
 * libtensorflow are what its guide advises where that fails.
 */
export async function layOut(library: Library, into: string): Promise<void> {
  const { include, main, framework, nvidia } = library;
  await mkdir(join(into, "lib"), { recursive: true });
  await cp(include, join(into, "include"), { recursive: true });
  for (const [file, link] of [
    [main, "libtensorflow.so"],
    [framework, "libtensorflow_framework.so"],
  ] as const) {
    await cp(file, join(into, "lib", basename(file)), { dereference: true });
    await symlink(basename(file), join(into, "lib", link));
  }
  if (!nvidia) return;
  await cp(nvidia, join(into, "nvidia"), { recursive: true });
  for (const name of await readdir(nvidia, { recursive: true })) {
    if (!/^[a-z_]+\/lib\/.*\.so/.test(name)) continue;
    await symlink(join("../nvidia", name), join(into, "lib", basename(name)));
  }
}
