/** Writes src/datasets/cifar10-blocks.json: SHA-256 of each 1,000 records of files that match the official digests. */
import { join } from "node:path";
import { openDataset, PROJECT } from "../src/cli/dataset.ts";
import { writeWhole } from "../src/cli/folder.ts";
import {
  BLOCK_RECORDS,
  FILE_RECORDS,
  OFFICIAL_SHA256,
  RECORD_BYTES,
} from "../src/datasets/cifar10.ts";
import { sha256Hex } from "../src/datasets/digest.ts";

const storage = await openDataset();
const blocks: Record<string, string[]> = {};
for (const [name, official] of Object.entries(OFFICIAL_SHA256)) {
  const bytes = await storage.read(`cifar10/${name}`);
  if ((await sha256Hex(bytes)) !== official) throw new Error(`${name} is not the official file`);
  blocks[name] = [];
  for (let at = 0; at < FILE_RECORDS; at += BLOCK_RECORDS) {
    blocks[name].push(
      await sha256Hex(bytes.slice(at * RECORD_BYTES, (at + BLOCK_RECORDS) * RECORD_BYTES)),
    );
  }
}
await writeWhole(
  join(PROJECT, "src/datasets/cifar10-blocks.json"),
  `${JSON.stringify(blocks, null, 2)}\n`,
);
