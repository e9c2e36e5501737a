/**
 * CIFAR-10 in its official binary format: a record is a label byte and 3,072
 * pixel bytes, planes R, G, B of 32×32.
 */
import { LRUCache } from "lru-cache";
import blocks from "./cifar10-blocks.json" with { type: "json" };
import { BLOCK_RECORDS, checkRange, type RecordFile, readRecords } from "./records.ts";
import type { Storage } from "./storage.ts";

export const IMAGE_BYTES = 3072;
export const RECORD_BYTES = 1 + IMAGE_BYTES;
export const FILE_RECORDS = 10_000;

export const SPLITS = ["train", "test"] as const;
export type Split = (typeof SPLITS)[number];

export const SPLIT_SIZE: Record<Split, number> = { train: 50_000, test: 10_000 };

/** SHA-256 of the official files. */
export const OFFICIAL_SHA256 = {
  "data_batch_1.bin": "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
  "data_batch_2.bin": "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
  "data_batch_3.bin": "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
  "data_batch_4.bin": "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
  "data_batch_5.bin": "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
  "test_batch.bin": "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
};
type FileName = keyof typeof OFFICIAL_SHA256;

function batch(name: FileName): RecordFile {
  return {
    path: `cifar10/${name}`,
    dataset: "CIFAR-10",
    headerBytes: 0,
    recordBytes: RECORD_BYTES,
    records: FILE_RECORDS,
    sha256: OFFICIAL_SHA256[name],
    blocks: blocks[name],
  };
}

const TEST = batch("test_batch.bin");
const TRAIN = ([1, 2, 3, 4, 5] as const).map((n) => batch(`data_batch_${n}.bin`));
const FILES: Record<Split, RecordFile[]> = { train: TRAIN, test: [TEST] };

/** The official files, training before test. */
export const CIFAR10_FILES: RecordFile[] = [...TRAIN, TEST];

/** Consecutive examples: true labels [n] and pixels [n, channels, height, width], both uint8. */
export interface Examples {
  labels: Uint8Array<ArrayBuffer>;
  images: Uint8Array<ArrayBuffer>;
}

/**
 * Blocks found right, by the digest that shows it: wherever one came from, another is equal.
 * Checkpoints are evaluated on the same examples, one after the other.
 */
let blocksRead = new LRUCache<string, Examples>({ max: 20 }); // 61 MB

/** How many blocks, of 3 MB each, are kept; the fewer where memory is dear. */
export function keepBlocks(max: number): void {
  if (max !== blocksRead.max) blocksRead = new LRUCache<string, Examples>({ max });
}

/** Their labels alone, of all 60 blocks. */
const labelsRead = new Map<string, Uint8Array<ArrayBuffer>>();

/** Takes records apart where they lie: labels out, images moved together. */
function takeApart(records: Uint8Array<ArrayBuffer>): Examples {
  const labels = new Uint8Array(records.length / RECORD_BYTES);
  for (let k = 0; k < labels.length; k++) {
    const at = k * RECORD_BYTES;
    labels[k] = records[at] as number;
    records.copyWithin(k * IMAGE_BYTES, at + 1, at + RECORD_BYTES);
  }
  return { labels, images: records.subarray(0, labels.length * IMAGE_BYTES) };
}

/** The file, and what is to be read of it, of the 1,000 examples from `start`, a multiple of 1,000. */
function blockOf(split: Split, start: number) {
  const file = FILES[split][Math.floor(start / FILE_RECORDS)] as RecordFile;
  const first = start % FILE_RECORDS;
  return { file, first, digest: file.blocks?.[first / BLOCK_RECORDS] as string };
}

/** The 1,000 examples from `start`, which must be a multiple of 1,000. */
async function readBlock(storage: Storage, split: Split, start: number): Promise<Examples> {
  const { file, first, digest } = blockOf(split, start);
  const known = blocksRead.get(digest);
  if (known) return known;
  const block = takeApart(await readRecords(storage, file, first, first + BLOCK_RECORDS));
  blocksRead.set(digest, block);
  return block;
}

/**
 * The examples [start, end) of a split; images are [n, 3, 32, 32]. They are shared: to be read only.
 * @throws RangeError if the range is empty or outside the split.
 * @throws InputError if a block's bytes are not the official ones.
 */
export async function readExamples(
  storage: Storage,
  split: Split,
  start: number,
  end: number,
): Promise<Examples> {
  checkRange(split, SPLIT_SIZE[split], start, end);
  const first = start - (start % BLOCK_RECORDS);
  if (end <= first + BLOCK_RECORDS) {
    const { labels, images } = await readBlock(storage, split, first);
    return {
      labels: labels.subarray(start - first, end - first),
      images: images.subarray((start - first) * IMAGE_BYTES, (end - first) * IMAGE_BYTES),
    };
  }
  const labels = new Uint8Array(end - start);
  const images = new Uint8Array((end - start) * IMAGE_BYTES);
  for (let at = start; at < end; ) {
    const stop = Math.min(end, at - (at % BLOCK_RECORDS) + BLOCK_RECORDS);
    const part = await readExamples(storage, split, at, stop);
    labels.set(part.labels, at - start);
    images.set(part.images, (at - start) * IMAGE_BYTES);
    at = stop;
  }
  return { labels, images };
}

/**
 * The true labels [start, end) of a split. The blocks are read and found right once.
 * @throws RangeError if the range is empty or outside the split.
 * @throws InputError if a block's bytes are not the official ones.
 */
export async function readTrueLabels(
  storage: Storage,
  split: Split,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  checkRange(split, SPLIT_SIZE[split], start, end);
  const labels = new Uint8Array(end - start);
  for (let at = start; at < end; ) {
    const first = at - (at % BLOCK_RECORDS);
    const stop = Math.min(end, first + BLOCK_RECORDS);
    const { digest } = blockOf(split, first);
    const known = labelsRead.get(digest) ?? (await readBlock(storage, split, first)).labels;
    labelsRead.set(digest, known);
    labels.set(known.subarray(at - first, stop - first), at - start);
    at = stop;
  }
  return labels;
}
