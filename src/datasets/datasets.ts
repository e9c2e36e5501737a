/** The datasets that views are made of, behind one interface. */
import * as cifar10 from "./cifar10.ts";
import type { Examples, Split } from "./cifar10.ts";
import * as mnist from "./mnist.ts";
import type { RecordFile } from "./records.ts";
import type { Storage } from "./storage.ts";

type Read<T> = (storage: Storage, split: Split, start: number, end: number) => Promise<T>;

/** Where training images lie in an official file: one after the other, each after `skip` bytes of its record. */
export interface ImageFile {
  file: RecordFile;
  skip: number;
}

export interface Dataset {
  /** Its own name, for people. */
  title: string;
  /** Channels, height, width of an image, uint8. */
  image: readonly [number, number, number];
  imageBytes: number;
  size: Record<Split, number>;
  readExamples: Read<Examples>;
  readTrueLabels: Read<Uint8Array<ArrayBuffer>>;
  /** The official files. */
  files: RecordFile[];
  /** Those with the training images, in their order. */
  trainingImages: ImageFile[];
}

export const DATASETS = {
  cifar10: {
    title: "CIFAR-10",
    image: [3, 32, 32],
    imageBytes: cifar10.IMAGE_BYTES,
    size: cifar10.SPLIT_SIZE,
    readExamples: cifar10.readExamples,
    readTrueLabels: cifar10.readTrueLabels,
    files: cifar10.CIFAR10_FILES,
    trainingImages: cifar10.CIFAR10_FILES.slice(0, 5).map((file) => ({ file, skip: 1 })),
  },
  mnist: {
    title: "MNIST",
    image: [1, 28, 28],
    imageBytes: mnist.IMAGE_BYTES,
    size: mnist.SPLIT_SIZE,
    readExamples: mnist.readExamples,
    readTrueLabels: mnist.readTrueLabels,
    files: mnist.MNIST_FILES,
    trainingImages: mnist.MNIST_FILES.slice(0, 1).map((file) => ({ file, skip: 0 })),
  },
} as const satisfies Record<string, Dataset>;

export type DatasetName = keyof typeof DATASETS;

/** A dataset by its name in a view. */
export function datasetOf(name: DatasetName): Dataset {
  return DATASETS[name];
}
