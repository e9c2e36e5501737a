/**
 * Files of equal records, read by range. The SHA-256 of every 1,000 records is
 * known, so a range can be trusted without hashing the file around it.
 */
import { sha256Hex } from "./digest.ts";
import { InputError, type Storage } from "./storage.ts";

export const BLOCK_RECORDS = 1_000;

export interface RecordFile {
  /** In storage, as `<dataset>/<file>`. */
  path: string;
  /** The dataset's own name, for people. */
  dataset: string;
  headerBytes: number;
  recordBytes: number;
  records: number;
  /** Of the whole official file. */
  sha256: string;
  /** SHA-256 of each 1,000 records. */
  blocks: string[] | undefined;
}

/**
 * Where an origin, a server or a static host has a block of 1,000 records: its digest names it.
 * `v1/datasets/cifar10/blocks/<sha256>`, relative to the root of either.
 */
export function blockAddress({ path, blocks }: RecordFile, block: number): string {
  return `v1/datasets/${path.split("/")[0]}/blocks/${blocks?.[block]}`;
}

/** The bytes of the whole file. */
export function fileBytes({ headerBytes, recordBytes, records }: RecordFile): number {
  return headerBytes + recordBytes * records;
}

async function readBlock(
  storage: Storage,
  file: RecordFile,
  block: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const size = BLOCK_RECORDS * file.recordBytes;
  const start = file.headerBytes + block * size;
  const bytes = await storage.read(file.path, start, start + size);
  if ((await sha256Hex(bytes)) !== file.blocks?.[block]) {
    const name = file.path.split("/").at(-1);
    const from = block * BLOCK_RECORDS;
    throw new InputError(
      `${name}: records ${from} to ${from + BLOCK_RECORDS} are not ${file.dataset}'s; put the official file in its place, or delete it from the cache and run again`,
    );
  }
  return bytes;
}

/**
 * The records [start, end) of a file, one after the other.
 * @throws InputError if a block's bytes are not the official ones.
 */
export async function readRecords(
  storage: Storage,
  file: RecordFile,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (start % BLOCK_RECORDS === 0 && end === start + BLOCK_RECORDS) {
    return await readBlock(storage, file, start / BLOCK_RECORDS); // a whole block needs no copy
  }
  const out = new Uint8Array((end - start) * file.recordBytes);
  for (let at = start; at < end; ) {
    const block = Math.floor(at / BLOCK_RECORDS);
    const first = block * BLOCK_RECORDS;
    const stop = Math.min(end, first + BLOCK_RECORDS);
    const bytes = await readBlock(storage, file, block);
    out.set(
      bytes.subarray((at - first) * file.recordBytes, (stop - first) * file.recordBytes),
      (at - start) * file.recordBytes,
    );
    at = stop;
  }
  return out;
}

/** @throws RangeError if the range is empty or outside of a split's `size` examples. */
export function checkRange(split: string, size: number, start: number, end: number): void {
  const whole = Number.isInteger(start) && Number.isInteger(end);
  if (!(whole && 0 <= start && start < end && end <= size)) {
    throw new RangeError(`range ${start} to ${end} is not within ${split}'s 0 to ${size}`);
  }
}
