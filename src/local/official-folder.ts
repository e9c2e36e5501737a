/** The folder of a dataset's official files, from what a person named. */
import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { isAddress } from "../datasets/address.ts";
import { InputError } from "../datasets/storage.ts";
import type { Source } from "./source.ts";

/** Whether what a person named is an archive and not a folder. */
export function isArchive(given: string): boolean {
  return isAddress(given) || /\.(tar|tar\.gz|tgz)$/i.test(given);
}

/** As a shell has it, where none has seen it: in quotes, or in a file of settings. */
export function expanded(path: string): string {
  return /^~(?=$|[\\/])/.test(path) ? join(homedir(), path.slice(1)) : path;
}

/** The names in a folder, in order; undefined where there is none. */
async function namesIn(folder: string): Promise<string[] | undefined> {
  return (await readdir(folder).catch(() => undefined))?.sort();
}

/** What is there instead, for a person. */
async function found(path: string, names: string[] | undefined): Promise<string> {
  const file = (await stat(path).catch(() => undefined))?.isFile();
  if (file && /\.(tar\.gz|tgz|tar)$/.test(path)) return "is an archive: unpack it";
  if (file) return "is a file";
  if (!names) return "cannot be read, or is not there";
  if (names.length === 0) return "is empty";
  if (names.includes("data_batch_1") || names.includes("cifar-10-batches-py"))
    return "holds the Python version, whose files are pickles";
  const first = names.slice(0, 5).join(", ");
  return `holds ${first}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
}

/**
 * The folder itself, or one right in it, that holds an official file: unpacked archives have one inside.
 * @throws InputError that says where was looked, what is there and what should be
 */
export async function officialFolder(
  { files, variable }: Pick<Source, "files" | "variable">,
  named: string,
): Promise<string> {
  const path = resolve(expanded(named));
  const wanted = files.map((file) => basename(file.path));
  const names = await namesIn(path);
  for (const folder of [path, ...(names ?? []).map((name) => join(path, name))]) {
    const inside = folder === path ? names : await namesIn(folder);
    if (inside?.some((name) => wanted.includes(name))) return folder;
  }
  throw new InputError(
    `${variable} names ${path}, which ${await found(path, names)}; it must be the folder with ${wanted[0]} and the ${wanted.length - 1} other files of the official binary version`,
  );
}
