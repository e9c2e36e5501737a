/**
 * MNIST in its official idx files: a header of 16 bytes before the images,
 * 28×28 bytes each, and one of 8 before the labels, a byte each.
 */
import type { Examples, Split } from "./cifar10.ts";
import blocks from "./mnist-blocks.json" with { type: "json" };
import { checkRange, type RecordFile, readRecords } from "./records.ts";
import type { Storage } from "./storage.ts";

export const IMAGE_BYTES = 28 * 28;

export const SPLIT_SIZE: Record<Split, number> = { train: 60_000, test: 10_000 };

/** SHA-256 of the official files, unpacked. */
const OFFICIAL_SHA256 = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

type FileName = keyof typeof OFFICIAL_SHA256;

function idx(name: FileName, split: Split, headerBytes: number, recordBytes: number): RecordFile {
  return {
    path: `mnist/${name}`,
    dataset: "MNIST",
    headerBytes,
    recordBytes,
    records: SPLIT_SIZE[split],
    sha256: OFFICIAL_SHA256[name],
    blocks: blocks[name],
  };
}

const FILES = {
  train: {
    images: idx("train-images-idx3-ubyte", "train", 16, IMAGE_BYTES),
    labels: idx("train-labels-idx1-ubyte", "train", 8, 1),
  },
  test: {
    images: idx("t10k-images-idx3-ubyte", "test", 16, IMAGE_BYTES),
    labels: idx("t10k-labels-idx1-ubyte", "test", 8, 1),
  },
};

/** The official files, training before test. */
export const MNIST_FILES: RecordFile[] = Object.values(FILES).flatMap((f) => [f.images, f.labels]);

/**
 * The examples [start, end) of a split; images are [n, 1, 28, 28].
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
  const { images, labels } = FILES[split];
  return {
    labels: await readRecords(storage, labels, start, end),
    images: await readRecords(storage, images, start, end),
  };
}

/**
 * The true labels [start, end) of a split.
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
  return await readRecords(storage, FILES[split].labels, start, end);
}
