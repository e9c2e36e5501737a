/** Bundles the Worker into dist/workers/, ready for workerd and for `wrangler deploy`. */
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../../../src/local/dataset.ts";
import { bundle, WASM } from "../bundle.ts";

const ENTRY = `
import compiled from "./${WASM}";
import { createWorker } from "./src/http/platforms/workers.ts";
export default createWorker(compiled);
`;

/** @returns the folder */
export async function buildWorker(
  folder = join(PROJECT, "dist/workers"),
  entry = ENTRY,
): Promise<string> {
  await bundle({
    entry,
    folder,
    name: "worker.js",
    options: {
      platform: "neutral",
      mainFields: ["module", "main"],
      conditions: ["workerd", "worker", "browser"],
    },
  });
  for (const name of ["workerd.capnp", "wrangler.jsonc"]) {
    await copyFile(new URL(name, import.meta.url), join(folder, name));
  }
  return folder;
}
