/** Bundles an entry for a platform into a folder, with onnxruntime-web's wasm file beside it. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type BuildOptions, build } from "esbuild-wasm";
import { PROJECT } from "../../src/local/dataset.ts";
import { writeWhole } from "../../src/local/folder.ts";

/** The file that a bundle loads or imports, beside itself. */
export const WASM = "ort-wasm-simd-threaded.wasm";

/** Schema libraries that hono-openapi can use instead of ours, if they are there. */
const NOT_OURS = ["effect", "sury", "zod-to-json-schema", "zod-openapi"];

export interface Bundle {
  /** The entry's text; its imports are relative to the project's root. */
  entry: string;
  folder: string;
  /** The file's name in the folder. */
  name: string;
  options: BuildOptions;
}

/** @returns the bundle's bytes */
export async function bundle({ entry, folder, name, options }: Bundle): Promise<number> {
  const { outputFiles = [] } = await build({
    stdin: { contents: entry, resolveDir: PROJECT, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    minify: true,
    keepNames: true, // a problem's name is an error's
    legalComments: "none",
    logLevel: "warning",
    ...options,
    external: [...NOT_OURS, `./${WASM}`, ...(options.external ?? [])],
  });
  const [file] = outputFiles;
  if (!file) throw new Error("esbuild gave no file");
  await writeWhole(join(folder, name), file.contents);
  const beside = createRequire(import.meta.url).resolve(`onnxruntime-web/${WASM}`);
  await writeWhole(join(folder, WASM), await readFile(join(dirname(beside), WASM)));
  return file.contents.length;
}
