/** /v1/datasets/{dataset}/blocks/{sha256}: a dataset's bytes in parts that their digests name. */
import { Hono } from "hono";
import * as v from "valibot";
import { CIFAR10_FILES } from "../../datasets/cifar10.ts";
import { MNIST_FILES } from "../../datasets/mnist.ts";
import { BLOCK_RECORDS, type RecordFile, readRecords } from "../../datasets/records.ts";
import { Sha256 } from "../../evaluation/checkpoint.ts";
import { describe } from "../answers/describe.ts";
import { download } from "../answers/download.ts";
import { json } from "../answers/json.ts";
import { checked, noQuery } from "../answers/parameters.ts";
import { Problem } from "../answers/problem.ts";
import { BlocksAnswer } from "../answers/schemas.ts";
import type { Service } from "../service.ts";

const DATASETS: Record<string, RecordFile[]> = { cifar10: CIFAR10_FILES, mnist: MNIST_FILES };
const Dataset = v.picklist(["cifar10", "mnist"], "it must be cifar10 or mnist");

function blocksOf(file: RecordFile) {
  const { path, headerBytes, recordBytes, records, sha256, blocks = [] } = file;
  const name = path.split("/").at(-1) ?? "";
  return { name, sha256, headerBytes, recordBytes, records, blocks };
}

/** Where a block lies: equal blocks of two files, if there were any, have equal bytes. */
function placeOf(dataset: string, sha256: string) {
  for (const file of DATASETS[dataset] ?? []) {
    const block = file.blocks?.indexOf(sha256) ?? -1;
    if (block >= 0) return { file, start: block * BLOCK_RECORDS };
  }
  throw new Problem("unknown-id", `${dataset} has no block with SHA-256 ${sha256}`);
}

export function blocks(service: Service) {
  return new Hono()
    .get(
      "/:dataset/blocks",
      describe({
        summary: "The official files of a dataset in blocks of 1,000 records, by their digests",
        description:
          "After `headerBytes`, which no block has, a file is its blocks one after the other.",
        tags: ["datasets"],
        tagged: true,
        content: { "application/json": BlocksAnswer },
        problems: ["bad-parameter"],
      }),
      checked("param", v.object({ dataset: Dataset })),
      noQuery,
      async (c) => {
        const { dataset } = c.req.valid("param");
        return json(c, { id: dataset, files: (DATASETS[dataset] ?? []).map(blocksOf) });
      },
    )
    .get(
      "/:dataset/blocks/:sha256",
      describe({
        summary: "A block of 1,000 records",
        description: "Its address is its digest, so that a cache may keep it for good.",
        tags: ["datasets"],
        tagged: true,
        content: { "application/octet-stream": null },
        also: { 206: "A range of the block" },
        problems: ["bad-parameter", "unknown-id", "range-not-satisfiable", "data-unavailable"],
      }),
      checked("param", v.object({ dataset: Dataset, sha256: Sha256 })),
      noQuery,
      async (c) => {
        const { dataset, sha256 } = c.req.valid("param");
        const { file, start } = placeOf(dataset, sha256);
        const bytes = await readRecords(service.dataset, file, start, start + BLOCK_RECORDS);
        const type = "application/octet-stream";
        const filename = `${dataset}.${sha256.slice(0, 16)}.bin`;
        return await download(c, { bytes, sha256, type, filename, pinned: true });
      },
    );
}
