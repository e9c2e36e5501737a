/** Writes src/datasets/<dataset>-blocks.json: SHA-256 of each 1,000 records of the official files. */
import { basename, join } from "node:path";
import { openDataset, PROJECT } from "../src/local/dataset.ts";
import { writeWhole } from "../src/local/folder.ts";
import { CIFAR10_FILES } from "../src/datasets/cifar10.ts";
import { sha256Hex } from "../src/datasets/digest.ts";
import { MNIST_FILES } from "../src/datasets/mnist.ts";
import { BLOCK_RECORDS } from "../src/datasets/records.ts";

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
}
