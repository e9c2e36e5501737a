/** Bundles the Lambda function into dist/lambda/, and that into dist/lambda.zip. */
import { cp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { InputError } from "../../../src/datasets/storage.ts";
import { PROJECT } from "../../../src/local/dataset.ts";
import { writeWhole } from "../../../src/local/folder.ts";
import { bundle, WASM } from "../bundle.ts";

const ENTRY = `
import { compileFile } from "./src/evaluation/runtimes/compile-file.ts";
import { createLambda } from "./src/http/platforms/lambda.ts";
const functions = createLambda(() => compileFile(new URL("./${WASM}", import.meta.url)));
export const { handler, streaming } = functions;
`;

/** Lambda's limit for what a function's zip unpacks to. */
const MOST_BYTES = 250 * 2 ** 20;

export interface LambdaOptions {
  folder?: string;
  /** With onnxruntime-node's library for this processor. */
  native?: "x64" | "arm64" | undefined;
}

/** onnxruntime-node, of which Lambda needs the library for one processor. */
async function addNative(folder: string, arch: string): Promise<void> {
  const own = createRequire(import.meta.url).resolve("onnxruntime-node/package.json");
  for (const name of ["onnxruntime-node", "onnxruntime-common"]) {
    await cp(join(dirname(own), "..", name), join(folder, "node_modules", name), {
      recursive: true,
      dereference: true,
      filter: (path) => {
        const [, platform] = /\/bin\/napi-v\d+\/([^/]+(?:\/[^/]+)?)/.exec(path) ?? [];
        return platform === undefined || `linux/${arch}`.startsWith(platform);
      },
    });
  }
}

async function zipped(folder: string): Promise<{ zip: Uint8Array; unpacked: number }> {
  const files: Zippable = {};
  let unpacked = 0;
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if (!(await stat(join(folder, name))).isFile()) continue;
    const bytes = new Uint8Array(await readFile(join(folder, name)));
    unpacked += bytes.length;
    files[name] = [bytes, { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16 }];
  }
  return { zip: zipSync(files, { level: 6 }), unpacked };
}

/** @returns the folder, the zip file, and what that unpacks to in bytes */
export async function buildLambda({
  folder = join(PROJECT, "dist/lambda"),
  native,
}: LambdaOptions) {
  await rm(folder, { recursive: true, force: true });
  await bundle({
    entry: ENTRY,
    folder,
    name: "index.mjs",
    options: { platform: "node", external: ["onnxruntime-node"] },
  });
  if (native !== undefined) await addNative(folder, native);
  const { zip, unpacked } = await zipped(folder);
  if (unpacked > MOST_BYTES) throw new InputError(`the function unpacks to ${unpacked} bytes`);
  await writeWhole(`${folder}.zip`, zip);
  return { folder, zip: `${folder}.zip`, unpacked };
}
