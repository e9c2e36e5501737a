/** Views of the real CIFAR-10 against digests of an independent program. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { openDataset } from "../../src/local/dataset.ts";
import { readExamples, SPLIT_SIZE, type Split } from "../../src/datasets/cifar10.ts";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { labelling, parseFraction } from "../../src/datasets/labels.ts";
import type { Storage } from "../../src/datasets/storage.ts";
import { InputError } from "../../src/datasets/storage.ts";
import { DATASETS } from "../../src/datasets/datasets.ts";
import { TEST_LABELS } from "../../src/datasets/test-labels.ts";
import { readLabels, readView, type View, ViewSchema } from "../../src/datasets/view.ts";
import vectors from "../vectors.json" with { type: "json" };

const storage = await openDataset();

async function trueLabels(split: Split): Promise<Uint8Array<ArrayBuffer>> {
  const all = new Uint8Array(SPLIT_SIZE[split]);
  for (let at = 0; at < all.length; at += 1000) {
    all.set((await readExamples(storage, split, at, at + 1000)).labels, at);
  }
  return all;
}
const train = await trueLabels("train");

test("true labels are CIFAR-10's", async () => {
  assert.is(await sha256Hex(train), vectors.trueLabelsSha256.train);
  assert.is(await sha256Hex(await trueLabels("test")), vectors.trueLabelsSha256.test);
});

for (const { fraction, seed, first20, sha256, equalToTrue, counts } of vectors.labels) {
  test(`labels with fraction ${fraction}, seed ${seed}`, async () => {
    const given = train.map(labelling({ kind: "corrupted", fraction, seed }));
    assert.equal([...given.slice(0, 20)], first20);
    assert.is(await sha256Hex(given), sha256);
    assert.is(given.filter((label, i) => label === train[i]).length, equalToTrue);
    assert.equal(
      counts.map((_, c) => given.filter((label) => label === c).length),
      counts,
    );
  });
}

function pixelView(kind: "true" | "shuffled" | "random" | "gaussian"): View {
  const pixels = kind === "true" ? { kind } : { kind, seed: 0 };
  return { dataset: "cifar10", labels: { kind: "true" }, pixels };
}

for (const split of ["train", "test"] as const) {
  for (const kind of ["true", "shuffled", "random"] as const) {
    test(`${kind} pixels of ${split}`, async () => {
      const { images } = await readView(storage, pixelView(kind), split, 0, 1000);
      assert.is(await sha256Hex(images), vectors.imagesSha256[kind][split]);
    });
  }
  test(`gaussian pixels of ${split}`, async () => {
    const { images } = await readView(storage, pixelView("gaussian"), split, 0, 20);
    assert.is(await sha256Hex(images), vectors.imagesSha256.gaussianFirst20[split]);
    if (split === "train") assert.equal([...images.slice(0, 16)], vectors.gaussian.first16);
  });
}

test("a range alone equals the same range of a larger one, across blocks and files", async () => {
  const view: View = {
    ...pixelView("random"),
    labels: { kind: "corrupted", fraction: "2/5", seed: 0 },
  };
  const large = await readView(storage, view, "train", 9_500, 10_500);
  const small = await readView(storage, view, "train", 9_990, 10_010);
  assert.equal(small.images, large.images.slice(490 * 3072, 510 * 3072));
  assert.equal(small.given, large.given.slice(490, 510));
});

test("labels of one range differ by fraction and by seed, in whatever order they are read", async () => {
  for (const [fraction, seed] of [
    ["1/5", 0],
    ["2/5", 0],
    ["2/5", 1],
    ["1/5", 0],
  ] as const) {
    const labels = { kind: "corrupted", fraction, seed } as const;
    const { given } = await readLabels(
      storage,
      { ...pixelView("true"), labels },
      "train",
      3_000,
      4_000,
    );
    const expected = train.map(labelling(labels)).slice(3_000, 4_000);
    assert.equal(given, expected, `${fraction} ${seed}`);
  }
});

test("test labels stay true under corruption", async () => {
  const view: View = {
    ...pixelView("true"),
    labels: { kind: "corrupted", fraction: "1/1", seed: 0 },
  };
  const { given, labels } = await readView(storage, view, "test", 0, 100);
  assert.equal(given, labels);
});

test("a changed byte is an input error that names file and records", async () => {
  const changed: Storage = {
    ...storage,
    async read(path, start, end) {
      const bytes = await storage.read(path, start, end);
      bytes[77] = (bytes[77] as number) ^ 1;
      return bytes;
    },
  };
  try {
    await readExamples(changed, "train", 2_500, 2_501);
    assert.unreachable("it was accepted");
  } catch (error) {
    assert.instance(error, InputError);
    assert.match((error as Error).message, /data_batch_1\.bin: records 2000 to 3000/);
  }
});

test("ranges outside the split are range errors", async () => {
  for (const [start, end] of [
    [0, 0],
    [5, 4],
    [-1, 3],
    [0, 10_001],
    [0.5, 2],
  ] as const) {
    try {
      await readExamples(storage, "test", start, end);
      assert.unreachable(`${start} to ${end} was accepted`);
    } catch (error) {
      assert.instance(error, RangeError);
    }
  }
  assert.throws(
    () => parseFraction("3/2"),
    (e: unknown) => e instanceof SyntaxError,
  );
});

test("a view whose fraction is none is no view", () => {
  const issues = (fraction: string) => {
    const labels = { kind: "corrupted", fraction, seed: 0 };
    const view = { dataset: "cifar10", labels, pixels: { kind: "true" } };
    return v.safeParse(ViewSchema, view).issues?.map(({ message }) => message);
  };
  assert.is(issues("3/3"), undefined);
  for (const wrong of ["3/2", "1/0"])
    assert.equal(issues(wrong), ["a fraction is written a/b, with 0 ≤ a ≤ b and b > 0"]);
});

test("the published test labels are the datasets' own", async () => {
  for (const name of ["cifar10", "mnist"] as const) {
    const { readTrueLabels, size } = DATASETS[name];
    const labels = await readTrueLabels(await openDataset(name), "test", 0, size.test);
    assert.equal(TEST_LABELS[name], labels);
  }
});

test.run();
