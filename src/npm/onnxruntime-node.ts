/**
 * onnxruntime-node where it is not installed. As a dependency its install script would fetch
 * CUDA's libraries, or end the installation where it cannot; as a tarball it is for five systems,
 * of which one is kept.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CACHE } from "./folders.ts";
import { fetchPackage, pinnedVersion } from "./fetched.ts";

const INSTEAD = "--runtime wasm does without it";

/** What this system needs of it. */
function isOurs(path: string): boolean {
  return !path.startsWith("bin/") || path.includes(`/${process.platform}/${process.arch}/`);
}

/**
 * A `require` that finds onnxruntime-node: installed beside the program, or fetched, once.
 * @throws InputError where npm cannot fetch it
 */
export async function requireOnnxruntime(): Promise<NodeJS.Require> {
  const require = createRequire(import.meta.url);
  try {
    require.resolve("onnxruntime-node/package.json");
    return require;
  } catch {
    const { platform, arch } = process; // others may share the cache
    const version = pinnedVersion("onnxruntime-node");
    const home = join(CACHE, `packages/onnxruntime-node-${version}-${platform}-${arch}`);
    for (const name of ["onnxruntime-common", "onnxruntime-node"]) {
      const folder = join(home, "node_modules", name);
      if (!existsSync(folder)) await fetchPackage(name, folder, INSTEAD, isOurs);
    }
    return createRequire(join(home, "from.cjs"));
  }
}
