/** Which of CUDA's shared libraries compute, as the system has them mapped: their versions decide bits. */
import { existsSync, readFileSync, realpathSync } from "node:fs";

const MAPPED = /\s(\/\S*\/lib(cudart|cublas|cublasLt|cudnn)\.so\S*)$/gm;

/**
 * The libraries in the text of Linux's /proc/<pid>/maps by name; what follows ".so." in their files'
 * names is the version.
 * @param resolve follows links: the name that is opened has the major version alone
 */
export function librariesIn(maps: string, resolve: (path: string) => string) {
  const found: Record<string, string> = {};
  for (const [, path = "", name = ""] of maps.matchAll(MAPPED)) {
    found[name] = /\.so\.(.+)$/.exec(resolve(path))?.[1] ?? "unknown";
  }
  return found;
}

/** Those of this process; none where the system does not tell. */
export function loadedLibraries(): Record<string, string> {
  const maps = "/proc/self/maps";
  return existsSync(maps) ? librariesIn(readFileSync(maps, "utf8"), realpathSync) : {};
}
