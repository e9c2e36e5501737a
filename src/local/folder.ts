/** Storage in local folders; data is converted on first use, then only read. */
import {
  appendFile,
  link,
  open,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InputError, type Storage, UnwritableError } from "../datasets/storage.ts";
import { doneBeside, nameBeside, sweep } from "../beside.ts";
import { resolvedInside } from "./inside.ts";
import { makeFolder } from "../make-folder.ts";

/**
 * A folder as storage. Paths are relative to it, and nothing outside of it is read, by links neither.
 * @param missing what to do where something is
 * @param leadingTo what a path leads to; a folder that is a person's own may have links to anywhere
 */
export function folderStorage(
  root: string,
  missing = "is it the right folder?",
  leadingTo: (root: string, path: string) => Promise<string> = resolvedInside,
): Storage {
  async function read(path: string, start?: number, end?: number) {
    try {
      const full = await leadingTo(root, path);
      // A pipe would be waited for without end, by one of the few threads that read.
      if (!(await stat(full)).isFile()) throw new InputError(`${path} is no file; ${missing}`);
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
    try {
      return (await stat(await leadingTo(root, path))).isFile();
    } catch (error) {
      if (error instanceof InputError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return false;
      throw new InputError(`cannot read ${path} (${code}); ${missing}`); // it may well be there
    }
  }
  async function version(path: string) {
    const found = await leadingTo(root, path)
      .then((full) => stat(full, { bigint: true }))
      .catch(() => undefined);
    return found?.isFile() ? `${found.ino} ${found.mtimeNs} ${found.size}` : undefined;
  }
  return { read, exists, version };
}

interface WriteOptions {
  /** Permissions that the file has from its first byte on. */
  mode?: number;
  /** Leave a file that is there, whoever wrote it and when. */
  keep?: boolean;
}

/** Gives a file another name, unless something has that already. */
async function linkOnce(beside: string, path: string): Promise<void> {
  await link(beside, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(beside);
}

/** Whether it is a device, a pipe or a process's descriptor, as /dev/stdout is: nothing may take its place. */
export async function isStream(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isDirectory()) return false;
  const link = await readlink(path).catch(() => "");
  const leads = [path, resolve(dirname(path), link)]; // macOS has /dev/stdout as fd/1
  return !found.isFile() || leads.some((one) => /^\/(?:proc|dev\/fd)\//.test(one));
}

/**
 * Writes beside the file and renames into place, so that no reader ever sees half of it,
 * whether the process is killed or the machine. What is a stream is written to as it is.
 * @throws InputError where it cannot be written.
 */
export async function writeWhole(
  path: string,
  bytes: Uint8Array | string,
  { mode = 0o666, keep = false }: WriteOptions = {},
): Promise<void> {
  const beside = nameBeside(path);
  try {
    if (await isStream(path)) return await appendFile(path, bytes);
    await makeFolder(dirname(path));
    await sweep(dirname(path));
    await writeFile(beside, bytes, { mode, flush: true });
    await (keep ? linkOnce : rename)(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    if (error instanceof Error && "code" in error) {
      const full = error.code === "ENOSPC" || error.code === "EDQUOT";
      const remedy = full ? "free some space there" : "make its folder writable";
      throw new UnwritableError(`cannot write ${path} (${String(error.code)}); ${remedy}`);
    }
    throw error;
  } finally {
    doneBeside(beside);
  }
}

/**
 * Makes sure that `writeWhole` can write a file, before the long work whose result it is to hold.
 * @throws InputError where it could not.
 */
export async function checkWritable(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new InputError(`${path} is a folder; name a file in it`);
  if (await isStream(path)) return;
  const trial = nameBeside(path); // left behind, it is removed like one of writeWhole's
  try {
    await writeWhole(trial, "");
    await rm(trial);
  } finally {
    doneBeside(trial);
  }
}
