/** What a Worker may be bound to, an R2 bucket or a KV namespace, as the files of an origin. */
import { sha256Hex } from "../../datasets/digest.ts";
import { InputError, type Storage } from "../../datasets/storage.ts";

/** What is used here of an R2 bucket. */
export interface Bucket {
  get(
    key: string,
    options?: { range: { offset: number; length: number } },
  ): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  head(key: string): Promise<{ etag: string } | null>;
}

/** What is used here of a KV namespace, whose values have 25 MiB at most: more than any published file. */
export interface Namespace {
  get(key: string, type: "arrayBuffer"): Promise<ArrayBuffer | null>;
}

/** @throws InputError in place of what a binding throws, which says what failed, not of what file. */
async function asked<T>(path: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new InputError(`cannot read ${path}`, { cause: String(error) });
  }
}

function bytesOf(path: string, buffer: ArrayBuffer | undefined, length = buffer?.byteLength) {
  if (!buffer) throw new InputError(`cannot read ${path}: there is no such file`);
  if (buffer.byteLength === length) return new Uint8Array(buffer);
  throw new InputError(`cannot read ${path}: it is shorter than that`);
}

export function bucketStorage(bucket: Bucket): Storage {
  return {
    async read(path, start = 0, end) {
      const length = end === undefined ? undefined : end - start;
      const options = length === undefined ? undefined : { range: { offset: start, length } };
      const found = await asked(path, bucket.get(path, options));
      return bytesOf(path, found ? await asked(path, found.arrayBuffer()) : undefined, length);
    },
    exists: async (path) => (await asked(path, bucket.head(path))) !== null,
    version: async (path) => (await asked(path, bucket.head(path)))?.etag,
  };
}

export function namespaceStorage(namespace: Namespace): Storage {
  const whole = async (path: string) =>
    (await asked(path, namespace.get(path, "arrayBuffer"))) ?? undefined;
  return {
    async read(path, start = 0, end) {
      const buffer = await whole(path);
      if (end === undefined) return bytesOf(path, buffer);
      return bytesOf(path, buffer?.slice(start, end), end - start);
    },
    exists: async (path) => (await whole(path)) !== undefined,
    async version(path) {
      const buffer = await whole(path);
      return buffer && (await sha256Hex(new Uint8Array(buffer)));
    },
  };
}
