/** The WebAssembly file that onnxruntime-web runs; the package holds it without the rest of that package. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { BUILT } from "./folders.ts";

export const WASM = "ort-wasm-simd-threaded.wasm";

/** Its path. */
export function wasmFile(): string {
  if (BUILT) return fileURLToPath(new URL(`../vendor/onnxruntime-web/${WASM}`, import.meta.url));
  return createRequire(import.meta.url).resolve(`onnxruntime-web/${WASM}`);
}
