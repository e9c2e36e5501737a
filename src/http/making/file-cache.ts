/** Remembers what was made of a file for as long as the file stays the same. */
import { LRUCache } from "lru-cache";
import type { Storage } from "../../datasets/storage.ts";
import { sharedWork } from "./shared-work.ts";

export interface FileCache {
  /**
   * What `make` made of the file, made anew when the file's version has changed,
   * and once for all who ask at the same time.
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
  const shared = sharedWork<object>();
  return {
    async get<T extends object>(
      path: string,
      make: () => Promise<T>,
      bytes: (made: T) => number,
      what = "",
    ) {
      const key = `${what}:${path}`;
      const version = await storage.version(path);
      if (version === undefined) return await make();
      const known = made.get(key);
      if (known?.version === version) return known.value as T;
      const begun = shared(`${version} ${key}`, async () => {
        const value = await make();
        made.set(key, { version, value }, { size: 1 + bytes(value) });
        return value;
      });
      return (await begun) as T;
    },
  };
}
