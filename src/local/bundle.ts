/**
 * Client code of the pages, bundled by esbuild when it is first asked for. The wasm build of
 * esbuild is a program for Node that Deno runs as well; it needs no binary of a platform, and runs in
 * a process of its own, so that the server goes on answering.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { buffer, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const SOURCES = new URL("../web/client/", import.meta.url);
const CLIENTS = {
  page: "page.ts",
  figure: "figure.ts",
  verification: "verification.tsx",
  try: "try.ts",
  audit: "audit.tsx",
  auditor: "auditor.ts",
  evaluator: "evaluator.ts",
};
const WASM = "ort-wasm-simd-threaded.wasm";
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

async function bundle(entry: string): Promise<Uint8Array<ArrayBuffer>> {
  const program = require.resolve("esbuild-wasm/bin/esbuild");
  const run = "Deno" in globalThis ? ["run", "-A"] : [];
  const child = spawn(process.execPath, [...run, program, entry, ...OPTIONS], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const failed = new Promise<never>((_, reject) => child.on("error", reject));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [code, errors, status] = await Promise.race([
    Promise.all([buffer(child.stdout), text(child.stderr), ended]),
    failed,
  ]);
  if (status !== 0) throw new Error(`esbuild ended with ${status}: ${errors}`);
  return new Uint8Array(code);
}

/** The file of client code called so; undefined where there is none. */
export async function bundled(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (name === WASM)
    return new Uint8Array(await readFile(require.resolve(`onnxruntime-web/${WASM}`)));
  const client = Object.entries(CLIENTS).find(([one]) => name === `${one}.js`)?.[1];
  return client === undefined ? undefined : await bundle(fileURLToPath(new URL(client, SOURCES)));
}
