/**
 * Builds the package in .cache/package and packs it: `npm run pack` leaves rethink-<version>.tgz
 * here. Plain JavaScript, declarations, claims, fixtures and predictions; no model files, which
 * are fetched by digest. `npm pack` alone runs none of this, for .npmrc turns scripts off: what it
 * packs says so; with --ignore-scripts=false this takes its place.
 *
 *   npm run pack [-- FOLDER]      the folder for the tarball
 */
import { spawnSync } from "node:child_process";
import { chmod, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ASSETS, bundled } from "../src/local/bundle.ts";
import { startedWith } from "../src/npm/client.ts";
import { WASM } from "../src/npm/onnxruntime-web.ts";
import { compile } from "./pack/compile.ts";
import { fetchedPackages, isPublished, PUBLISHED, publishedManifest } from "./pack/manifest.ts";
import { ELSEWHERE, vendor } from "./pack/vendor.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url)).replace(/[/\\]$/, "");

/** Files that are started by their address; what they import comes with them. */
const ENTRIES = [
  "src/cli/bin.ts",
  "src/evaluation/runtimes/process-worker.ts",
  "src/evaluation/runtimes/thread-worker.ts",
];

/** Lays the package out in a folder, which is made anew. */
async function stage(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const [project, lock] = await Promise.all(
    ["package.json", "package-lock.json"].map(async (name) =>
      JSON.parse(await readFile(join(ROOT, name), "utf8")),
    ),
  );
  const { name, version, description } = project;
  const about = { name, version, description, fetched: fetchedPackages(lock) };
  const entries = [...ENTRIES, ...Object.values<string>(project.exports)];
  const { files, loads } = compile(ROOT, entries, ELSEWHERE, about);
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await chmod(join(folder, "dist/cli/bin.js"), 0o755);
  await vendor(ROOT, folder);
  await mkdir(join(folder, "dist/assets"));
  for (const asset of ASSETS) {
    const bytes = asset === WASM ? undefined : await bundled(asset);
    if (bytes) await writeFile(join(folder, "dist/assets", asset), bytes);
  }
  for (const path of PUBLISHED) {
    await cp(join(ROOT, path), join(folder, path), { recursive: true, filter: isPublished });
  }
  const manifest = publishedManifest(project, lock, loads);
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

const folder = join(ROOT, ".cache/package");
await stage(folder);
const to = resolve(process.argv[2] || ".");
await mkdir(to, { recursive: true });
const { words, shell } = startedWith([
  "pack",
  folder,
  "--pack-destination",
  to,
  "--loglevel=error",
]);
const { status, error } = spawnSync("npm", words, { stdio: "inherit", shell });
if (error) console.error(`pack: npm cannot be started: ${error.message}`);
process.exitCode = status ?? 2;
