/** The real MNIST against numbers that anyone can look up or count. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../../src/local/dataset.ts";
import type { Split } from "../../src/datasets/cifar10.ts";
import { IMAGE_BYTES, readExamples, SPLIT_SIZE } from "../../src/datasets/mnist.ts";
import { InputError, type Storage } from "../../src/datasets/storage.ts";

const storage = await openDataset("mnist");

async function counts(split: Split) {
  const perClass = new Array<number>(10).fill(0);
  let pixels = 0;
  for (let at = 0; at < SPLIT_SIZE[split]; at += 10_000) {
    const { labels, images } = await readExamples(storage, split, at, at + 10_000);
    for (const label of labels) perClass[label] = (perClass[label] as number) + 1;
    pixels += images.reduce((a, b) => a + b, 0);
  }
  return { perClass, pixels };
}

test("labels and pixels are MNIST's", async () => {
  const train = await counts("train");
  assert.equal(train.perClass, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  // 1567298545 / (60000 · 784) / 255 → the mean 0.1307 that everyone normalizes with
  assert.is(train.pixels, 1_567_298_545);
  const { perClass } = await counts("test");
  assert.equal(perClass, [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  const { labels } = await readExamples(storage, "train", 0, 10);
  assert.equal([...labels], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
});

test("a range alone equals the same range of a larger one, across blocks", async () => {
  const large = await readExamples(storage, "test", 1_500, 2_500);
  const small = await readExamples(storage, "test", 1_990, 2_010);
  assert.equal(small.labels, large.labels.slice(490, 510));
  assert.equal(small.images, large.images.slice(490 * IMAGE_BYTES, 510 * IMAGE_BYTES));
});

test("a changed byte is an input error that names file and records", async () => {
  const changed: Storage = {
    exists: storage.exists,
    version: storage.version,
    async read(path, start, end) {
      const bytes = await storage.read(path, start, end);
      if (path.includes("images")) bytes[77] = (bytes[77] as number) ^ 1;
      return bytes;
    },
  };
  try {
    await readExamples(changed, "test", 2_500, 2_501);
    assert.unreachable("it was accepted");
  } catch (error) {
    assert.instance(error, InputError);
    assert.match(
      (error as Error).message,
      /t10k-images-idx3-ubyte: records 2000 to 3000 are not MNIST's/,
    );
  }
});

test("ranges outside the split are range errors", async () => {
  for (const [start, end] of [
    [0, 0],
    [-1, 3],
    [0, 60_001],
  ] as const) {
    try {
      await readExamples(storage, "train", start, end);
      assert.unreachable(`${start} to ${end} was accepted`);
    } catch (error) {
      assert.instance(error, RangeError);
    }
  }
});

test.run();
