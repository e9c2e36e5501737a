/** A folder and those above it. */
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/**
 * Makes a folder where there is none. Node's own `recursive` never ends below a folder that cannot be
 * made and is said not to be there, as in /proc.
 * @throws what mkdir throws
 */
export async function makeFolder(path: string): Promise<void> {
  for (const last of [false, true]) {
    try {
      await mkdir(path);
    } catch (error) {
      if (await isFolder(path)) return; // as it was, or another was faster
      const above = dirname(path);
      const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
      if (last || !missing || above === path) throw error;
      await makeFolder(above);
      continue;
    }
    return;
  }
}
