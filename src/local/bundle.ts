/**
 * Client code of the pages, bundled by esbuild when it is first asked for and kept in the cache
 * under the digest of what it is made of; the package holds it, bundled when it was packed. The
 * wasm build of esbuild is a program for Node that Deno runs as well; it needs no binary of a
 * platform, and runs in a process of its own, so that the server goes on answering.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { BUILT } from "../npm/folders.ts";
import { WASM, wasmFile } from "../npm/onnxruntime-web.ts";
import { CACHE } from "./dataset.ts";
import { writeWhole } from "./folder.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const SOURCE = fileURLToPath(new URL("../", import.meta.url));
const CLIENTS = [
  "page.ts",
  "figure.ts",
  "verification.tsx",
  "try.ts",
  "audit.tsx",
  "auditor.ts",
  "evaluator.ts",
];
const NAMES = CLIENTS.map((client) => client.replace(/\.tsx?$/, ".js"));
const require = createRequire(import.meta.url);

const OPTIONS = [
  "--bundle",
  "--minify",
  "--format=esm",
  "--target=es2022",
  "--jsx=automatic",
  "--jsx-import-source=hono/jsx",
  "--legal-comments=none",
  "--log-level=error",
  "--external:node:*",
];

/** Of every source, of what is given to esbuild, and of the versions of all packages. */
async function digest(): Promise<string> {
  const hash = createHash("sha256").update(OPTIONS.join(" "));
  const names = await readdir(SOURCE, { recursive: true });
  for (const name of names.filter((one) => /\.(tsx?|json)$/.test(one)).sort()) {
    hash.update(`${name}\n`).update(await readFile(join(SOURCE, name)));
  }
  for (const name of ["paper", "registered", "gaussian-thresholds", "test-labels"]) {
    hash.update(await readFile(join(SOURCE, `../fixtures/${name}.json`)));
  }
  return hash.update(await readFile(join(SOURCE, "../package-lock.json"))).digest("hex");
}

async function readAll(folder: string): Promise<Map<string, Bytes>> {
  const files = NAMES.map(async (name): Promise<[string, Bytes]> => {
    return [name, new Uint8Array(await readFile(join(folder, name)))];
  });
  return new Map(await Promise.all(files));
}

/** All of it in one run: to start esbuild takes longer than to bundle. */
async function bundle(): Promise<Map<string, Bytes>> {
  const folder = await mkdtemp(join(tmpdir(), "rethink-"));
  try {
    const program = require.resolve("esbuild-wasm/bin/esbuild");
    const run = "Deno" in globalThis ? ["run", "-A"] : [];
    const entries = CLIENTS.map((client) => join(SOURCE, "web/client", client));
    const options = [...OPTIONS, `--outdir=${folder}`];
    const child = spawn(process.execPath, [...run, program, ...entries, ...options], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const failed = new Promise<never>((_, reject) => child.on("error", reject));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const [errors, status] = await Promise.race([Promise.all([text(child.stderr), ended]), failed]);
    if (status !== 0) throw new Error(`esbuild ended with ${status}: ${errors}`);
    return await readAll(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keptOrBundled(): Promise<Map<string, Bytes>> {
  const folder = join(CACHE, "web", await digest());
  const found = await readAll(folder).catch(() => undefined);
  if (found) return found;
  const made = await bundle();
  for (const [name, bytes] of made) {
    await writeWhole(join(folder, name), bytes).catch(() => {}); // a cache that nobody can write
  }
  return made;
}

/** The names of all client code, the runtime's wasm included. */
export const ASSETS = [...NAMES, WASM];

let bundles: Promise<Map<string, Bytes>> | undefined;

/** The file of client code called so; undefined where there is none. */
export async function bundled(name: string): Promise<Bytes | undefined> {
  if (name === WASM) return new Uint8Array(await readFile(wasmFile()));
  if (!NAMES.includes(name)) return undefined;
  if (BUILT) return new Uint8Array(await readFile(new URL(`../assets/${name}`, import.meta.url)));
  bundles ??= keptOrBundled();
  bundles.catch(() => {
    bundles = undefined;
  });
  return (await bundles).get(name);
}
