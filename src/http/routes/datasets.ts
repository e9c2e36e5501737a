/** /v1/datasets: which bytes everything is computed on. */
import { Hono } from "hono";
import { CIFAR10_FILES, SPLIT_SIZE } from "../../datasets/cifar10.ts";
import { MNIST_FILES, SPLIT_SIZE as MNIST_SPLIT_SIZE } from "../../datasets/mnist.ts";
import { fileBytes, type RecordFile } from "../../datasets/records.ts";
import { describe } from "../answers/describe.ts";
import { json } from "../answers/json.ts";
import { noQuery } from "../answers/parameters.ts";
import { DatasetsAnswer } from "../answers/schemas.ts";

function described(id: string, splits: Record<string, number>, files: RecordFile[]) {
  const described = files.map((file) => ({
    name: file.path.slice(id.length + 1),
    sha256: file.sha256,
    bytes: fileBytes(file),
  }));
  return { id, splits, classes: 10, files: described };
}

const DATASETS = [
  described("cifar10", SPLIT_SIZE, CIFAR10_FILES),
  described("mnist", MNIST_SPLIT_SIZE, MNIST_FILES),
];

export function datasets() {
  return new Hono().get(
    "/",
    describe({
      summary: "The datasets, by the digests of their official files",
      tags: ["datasets"],
      tagged: true,
      content: { "application/json": DatasetsAnswer },
      problems: ["bad-parameter"],
    }),
    noQuery,
    (c) => json(c, { datasets: DATASETS }),
  );
}
