/** A dataset's official archive: a .tar.gz on this machine or at an address, read once into the cache. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { isAddress, nameOf, readAddress } from "../datasets/address.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { fileBytes, type RecordFile } from "../datasets/records.ts";
import { InputError } from "../datasets/storage.ts";
import { bytesBar } from "../npm/bytes-bar.ts";
import { entriesOf, unzipped } from "../npm/untar.ts";
import { bounded } from "./bounded.ts";
import { writeWhole } from "./folder.ts";
import { expanded } from "./official-folder.ts";

interface Opened {
  bytes: number;
  body: AsyncIterable<Uint8Array>;
}

async function open(given: string): Promise<Opened> {
  if (!isAddress(given)) {
    const path = expanded(given);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) throw new InputError(`there is no archive ${path}`);
    return { bytes: found.size, body: createReadStream(path) };
  }
  const { url, headers } = readAddress(given);
  const response = await fetch(url, { headers }).catch((error: Error) => {
    const cause = error.cause instanceof Error ? error.cause : error;
    throw new InputError(`${nameOf(url)} cannot be reached: ${cause.message}`);
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new InputError(`${nameOf(url)} is answered with ${response.status}`);
  }
  const bytes = Number(response.headers.get("Content-Length")) || 170e6;
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  return { bytes, body };
}

/** Counts what passes. */
async function* counted(body: AsyncIterable<Uint8Array>, onBytes: (count: number) => void) {
  let count = 0;
  for await (const chunk of body) {
    count += chunk.length;
    onBytes(count);
    yield chunk;
  }
}

/**
 * Writes the official files of a dataset that are missing in the cache out of an archive that
 * holds them, each by itself gzipped or not, in whatever folder.
 * @throws InputError where it cannot be read, or does not hold them; what was found is kept.
 */
export async function unpackMissing(
  missing: RecordFile[],
  given: string,
  cache: string,
): Promise<void> {
  const { bytes, body } = await open(given);
  const name = nameOf(given);
  const left = new Map(missing.map((file) => [basename(file.path), file]));
  const bar = bytesBar(`reading ${basename(name)}`, bytes);
  try {
    for await (const entry of entriesOf(counted(body, bar.to))) {
      const file = left.get(basename(entry.header.name).replace(/\.gz$/, ""));
      if (!file) {
        entry.resume();
        continue;
      }
      const other = new InputError(`${entry.header.name} of ${name} is not the official file`);
      const content = bounded(unzipped(entry), fileBytes(file), other);
      const official = new Uint8Array(await buffer(content));
      if ((await sha256Hex(official)) !== file.sha256) throw other;
      await writeWhole(join(cache, file.path), official);
      left.delete(basename(file.path));
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name} is no whole .tar.gz: ${(error as Error).message}`);
  } finally {
    bar.stop();
  }
  if (left.size > 0) throw new InputError(`${name} does not hold ${[...left.keys()].join(", ")}`);
}
