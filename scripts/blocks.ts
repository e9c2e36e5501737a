/**
 * Writes what is known of the official files: src/datasets/<dataset>-blocks.json, SHA-256 of each 1,000
 * records, and fixtures/test-labels.json, the true labels of the test sets, a digit each.
 */
import { basename, join } from "node:path";
import { openDataset, PROJECT } from "../src/local/dataset.ts";
import { writeWhole } from "../src/local/folder.ts";
import { CIFAR10_FILES } from "../src/datasets/cifar10.ts";
import { DATASETS } from "../src/datasets/datasets.ts";
import { sha256Hex } from "../src/datasets/digest.ts";
import { MNIST_FILES } from "../src/datasets/mnist.ts";
import { BLOCK_RECORDS } from "../src/datasets/records.ts";
import { sortedJson } from "../src/sorted-json.ts";

const testLabels: Record<string, string> = {};
for (const [name, files] of [
  ["cifar10", CIFAR10_FILES],
  ["mnist", MNIST_FILES],
] as const) {
  const storage = await openDataset(name);
  const blocks: Record<string, string[]> = {};
  for (const { path, sha256, headerBytes, recordBytes, records } of files) {
    const bytes = await storage.read(path);
    if ((await sha256Hex(bytes)) !== sha256) throw new Error(`${path} is not the official file`);
    const digests: Promise<string>[] = [];
    for (let record = 0; record < records; record += BLOCK_RECORDS) {
      const start = headerBytes + record * recordBytes;
      digests.push(sha256Hex(bytes.slice(start, start + BLOCK_RECORDS * recordBytes)));
    }
    blocks[basename(path)] = await Promise.all(digests);
  }
  await writeWhole(
    join(PROJECT, `src/datasets/${name}-blocks.json`),
    `${JSON.stringify(blocks, null, 2)}\n`,
  );
  const labels = await DATASETS[name].readTrueLabels(storage, "test", 0, DATASETS[name].size.test);
  testLabels[name] = labels.join("");
}
await writeWhole(join(PROJECT, "fixtures/test-labels.json"), sortedJson(testLabels));
