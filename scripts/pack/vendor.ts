/**
 * Packages that travel inside the package: their own dependencies bring install scripts, which
 * pnpm refuses and others run, or 140 MB of which 14 are used. Each comes with its licence.
 */
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild-wasm";

const WEB = "dist/vendor/onnxruntime-web";

/** Specifiers, and the files of the package that take their place. */
export const ELSEWHERE = new Map([
  ["onnxruntime-web/wasm", `${WEB}/ort.wasm.bundle.min.mjs`],
  ["bullmq", "dist/vendor/bullmq.js"],
  ["ioredis", "dist/vendor/ioredis.js"],
]);

/** Of onnxruntime-web: the one build that is used, here and in browsers. */
const WEB_FILES = [
  "ort.wasm.bundle.min.mjs",
  "ort-wasm-simd-threaded.mjs",
  "ort-wasm-simd-threaded.wasm",
];

/** The folder of the package that a file belongs to. */
function packageFolder(file: string): string {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? "";
}

async function licenceOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, "package.json"), "utf8"),
  );
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "LICENCE"].find((f) =>
    existsSync(join(folder, f)),
  );
  const text = file ? await readFile(join(folder, file), "utf8") : "";
  return `${name} ${version}, ${license}\n\n${text.trim()}\n`;
}

/** What a CommonJS package has, as a module that says so by name. */
async function named(root: string, name: string, folder: string): Promise<string> {
  const all = createRequire(join(root, "package.json"))(name) as Record<string, unknown>;
  const names = Object.keys(all).filter((key) => /^[A-Za-z]\w*$/.test(key) && key !== "default");
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, `export { ${names.join(", ")}, default } from "${name}";\n`);
  return file;
}

/** Writes dist/vendor/ below `to` out of the packages installed in `root`. */
export async function vendor(root: string, to: string): Promise<void> {
  const folder = join(root, ".cache/vendor"); // below it, where packages are found
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [await named(root, "bullmq", folder), await named(root, "ioredis", folder)],
    outdir: join(to, "dist/vendor"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["msgpackr-extract"], // optional there: a faster decoder in C++
    banner: {
      js: 'import { createRequire as rethinkRequire } from "node:module"; const require = rethinkRequire(import.meta.url);',
    },
    legalComments: "inline",
    metafile: true,
    logLevel: "error",
  });
  await mkdir(join(to, WEB), { recursive: true });
  for (const file of WEB_FILES) {
    await cp(join(root, "node_modules/onnxruntime-web/dist", file), join(to, WEB, file));
  }
  await cp(join(root, "node_modules/onnxruntime-web/package.json"), join(to, WEB, "package.json"));
  const inside = Object.keys(metafile.inputs).map(packageFolder).filter(Boolean);
  const folders = [...new Set([...inside, "node_modules/onnxruntime-web"])].sort();
  const licences = await Promise.all(folders.map((folder) => licenceOf(join(root, folder))));
  await writeFile(join(to, dirname(WEB), "LICENSES.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
}
