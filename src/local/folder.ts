/** Storage in local folders; data is converted on first use, then only read. */
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError, type Storage } from "../datasets/storage.ts";

/** A folder as storage. Paths are relative to it. */
export function folderStorage(root: string, missing = "is it the right folder?"): Storage {
  async function read(path: string, start?: number, end?: number) {
    const full = join(root, path);
    try {
      if (start === undefined || end === undefined) return new Uint8Array(await readFile(full));
      const handle = await open(full);
      try {
        const bytes = new Uint8Array(end - start);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
        if (bytesRead < bytes.length)
          throw new InputError(`${path} ends before byte ${end}; ${missing}`);
        return bytes;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (error instanceof Error && "code" in error) {
        throw new InputError(`cannot read ${path} (${String(error.code)}); ${missing}`);
      }
      throw error;
    }
  }
  async function exists(path: string) {
    const found = await stat(join(root, path)).catch(() => undefined);
    return found?.isFile() ?? false;
  }
  async function version(path: string) {
    const found = await stat(join(root, path), { bigint: true }).catch(() => undefined);
    return found?.isFile() ? `${found.ino} ${found.mtimeNs} ${found.size}` : undefined;
  }
  return { read, exists, version };
}

/**
 * Writes beside the file and renames into place, so that no reader ever sees half of it,
 * whether the process is killed or the machine.
 * @param mode permissions that the file has from its first byte on
 */
export async function writeWhole(
  path: string,
  bytes: Uint8Array | string,
  mode = 0o666,
): Promise<void> {
  const beside = `${path}.${crypto.randomUUID()}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(beside, bytes, { mode, flush: true });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    if (error instanceof Error && "code" in error) {
      const full = error.code === "ENOSPC" || error.code === "EDQUOT";
      const remedy = full ? "free some space there" : "make its folder writable";
      throw new InputError(`cannot write ${path} (${String(error.code)}); ${remedy}`);
    }
    throw error;
  }
}
