/** Where an audit reads from: files that a person gave, and for the rest the host of the page. */
import { originStorage } from "../../datasets/origin.ts";
import { InputError, type Storage } from "../../datasets/storage.ts";
import { addressOf } from "./addresses.ts";

/** What can be sent to a worker. */
export interface Sources {
  /** The address that the pages' paths are relative to. */
  root: string;
  /** Files that were given, by their path in the project. */
  files: ReadonlyMap<string, Blob>;
}

async function part(path: string, file: Blob, start = 0, end = file.size) {
  if (end > file.size) throw new InputError(`${path}, as it was given, ends before byte ${end}`);
  return new Uint8Array(await file.slice(start, end).arrayBuffer());
}

export function storageOf({ root, files }: Sources): Storage {
  const host = originStorage(root);
  return {
    async read(path, start, end) {
      const file = files.get(path);
      if (file) return await part(path, file, start, end);
      return await host.read(addressOf(path, start, end)); // a block is a file of its own
    },
    async exists(path) {
      return files.has(path) || (await host.exists(addressOf(path)));
    },
    version: () => Promise.resolve(undefined),
  };
}
