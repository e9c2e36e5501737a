/** /v1/datasets: which bytes everything is computed on. */
import { Hono } from "hono";
import { FILE_RECORDS, OFFICIAL_SHA256, RECORD_BYTES, SPLIT_SIZE } from "../datasets/cifar10.ts";
import { describe } from "./describe.ts";
import { json } from "./json.ts";
import { DatasetsAnswer } from "./schemas.ts";

const DATASETS = [
  {
    id: "cifar10",
    splits: SPLIT_SIZE,
    classes: 10,
    files: Object.entries(OFFICIAL_SHA256).map(([name, sha256]) => ({
      name,
      sha256,
      bytes: FILE_RECORDS * RECORD_BYTES,
    })),
  },
];

export function datasets() {
  return new Hono().get(
    "/",
    describe({
      summary: "The datasets, by the digests of their official files",
      tags: ["datasets"],
      content: { "application/json": DatasetsAnswer },
    }),
    (c) => json(c, { datasets: DATASETS }),
  );
}
