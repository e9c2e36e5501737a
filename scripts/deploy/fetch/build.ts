/** Bundles the bare fetch handler into dist/fetch/: one file, and the wasm file beside it. */
import { join } from "node:path";
import { PROJECT } from "../../../src/local/dataset.ts";
import { bundle, WASM } from "../bundle.ts";

const ENTRY = `
import { compileFile } from "./src/evaluation/runtimes/compile-file.ts";
import { createFetchHandler } from "./src/http/platforms/fetch.ts";
export default createFetchHandler(() => compileFile(new URL("./${WASM}", import.meta.url)));
`;

/** @returns the folder */
export async function buildFetch(folder = join(PROJECT, "dist/fetch")): Promise<string> {
  await bundle({
    entry: ENTRY,
    folder,
    name: "handler.js",
    options: {
      platform: "neutral",
      mainFields: ["module", "main"],
      conditions: ["worker", "browser"],
      external: ["node:*"],
    },
  });
  return folder;
}
