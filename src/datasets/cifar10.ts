/**
 * CIFAR-10 in its official binary format: a record is a label byte and 3,072
 * pixel bytes, planes R, G, B of 32×32. Every read is checked against the
 * digest of the 1,000-record block it falls in, so a range can be trusted
 * without hashing the 30 MB file around it.
 */
import blocks from "./cifar10-blocks.json" with { type: "json" };
import { sha256Hex } from "./digest.ts";
import { InputError, type Storage } from "./storage.ts";

export const IMAGE_BYTES = 3072;
export const RECORD_BYTES = 1 + IMAGE_BYTES;
export const FILE_RECORDS = 10_000;
export const BLOCK_RECORDS = 1_000;

export type Split = "train" | "test";

export const SPLIT_SIZE: Record<Split, number> = { train: 50_000, test: 10_000 };

const FILES: Record<Split, string[]> = {
  train: [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`),
  test: ["test_batch.bin"],
};

/** SHA-256 of the official files. */
export const OFFICIAL_SHA256: Record<string, string> = {
  "data_batch_1.bin": "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
  "data_batch_2.bin": "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
  "data_batch_3.bin": "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
  "data_batch_4.bin": "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
  "data_batch_5.bin": "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
  "test_batch.bin": "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
};

/** Consecutive examples: true labels [n] and pixels [n, 3, 32, 32], both uint8. */
export interface Examples {
  labels: Uint8Array<ArrayBuffer>;
  images: Uint8Array<ArrayBuffer>;
}

async function readBlock(storage: Storage, split: Split, block: number): Promise<Uint8Array> {
  const perFile = FILE_RECORDS / BLOCK_RECORDS;
  const file = FILES[split][Math.floor(block / perFile)] as string;
  const inFile = block % perFile;
  const size = BLOCK_RECORDS * RECORD_BYTES;
  const bytes = await storage.read(`cifar10/${file}`, inFile * size, (inFile + 1) * size);
  const expected = (blocks as Record<string, string[]>)[file]?.[inFile];
  if ((await sha256Hex(bytes)) !== expected) {
    throw new InputError(
      `${file}: records ${inFile * BLOCK_RECORDS} to ${(inFile + 1) * BLOCK_RECORDS} are not CIFAR-10's; delete the file and run again`,
    );
  }
  return bytes;
}

/**
 * The examples [start, end) of a split.
 * @throws RangeError if the range is empty or outside the split.
 * @throws InputError if a block's bytes are not the official ones.
 */
export async function readExamples(
  storage: Storage,
  split: Split,
  start: number,
  end: number,
): Promise<Examples> {
  const size = SPLIT_SIZE[split];
  if (
    !(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= size)
  ) {
    throw new RangeError(`range ${start} to ${end} is not within ${split}'s 0 to ${size}`);
  }
  const labels = new Uint8Array(end - start);
  const images = new Uint8Array((end - start) * IMAGE_BYTES);
  for (let at = start; at < end; ) {
    const block = Math.floor(at / BLOCK_RECORDS);
    const bytes = await readBlock(storage, split, block);
    const stop = Math.min(end, (block + 1) * BLOCK_RECORDS);
    for (; at < stop; at++) {
      const from = (at - block * BLOCK_RECORDS) * RECORD_BYTES;
      labels[at - start] = bytes[from] as number;
      images.set(bytes.subarray(from + 1, from + RECORD_BYTES), (at - start) * IMAGE_BYTES);
    }
  }
  return { labels, images };
}
