/** Remembers what was made of a file for as long as the file stays the same. */
import { LRUCache } from "lru-cache";
import type { Storage } from "../datasets/storage.ts";

export interface FileCache {
  /**
   * What `make` made of the file, made anew when the file's version has changed.
   * @param bytes how much memory it takes
   * @param what tells things apart that are made of the same file
   */
  get<T extends object>(
    path: string,
    make: () => Promise<T>,
    bytes: (made: T) => number,
    what?: string,
  ): Promise<T>;
}

export function createFileCache(storage: Storage, maxBytes: number): FileCache {
  const made = new LRUCache<string, { version: string; value: object }>({ maxSize: maxBytes });
  return {
    async get(path, make, bytes, what = "") {
      const key = `${what}:${path}`;
      const version = await storage.version(path);
      const known = made.get(key);
      if (known && known.version === version)
        return known.value as Awaited<ReturnType<typeof make>>;
      const value = await make();
      if (version !== undefined) made.set(key, { version, value }, { size: 1 + bytes(value) });
      return value;
    },
  };
}
