/** Where a server or a static host has what storage calls by its path in the project. */
import { CIFAR10_FILES } from "../../datasets/cifar10.ts";
import { MNIST_FILES } from "../../datasets/mnist.ts";
import { BLOCK_RECORDS, blockAddress, type RecordFile } from "../../datasets/records.ts";
import { InputError } from "../../datasets/storage.ts";

export const DATASET_FILES: RecordFile[] = [...CIFAR10_FILES, ...MNIST_FILES];

const PLACES: [RegExp, string][] = [
  [/^models\/([^/]+)\/(model\.onnx|checkpoint\.json|history\.json)$/, "v1/checkpoints/$1/$2"],
  [/^fixtures\/predictions\/(.+)\.(train|test)\.bin$/, "v1/checkpoints/$1/predictions/$2"],
  [/^fixtures\/([^/]+)\.json$/, "v1/checkpoints/$1/fixture.json"],
];

/**
 * The address of a file, or of the part [start, end) of a dataset's.
 * @throws InputError where nothing has an address.
 */
export function addressOf(path: string, start?: number, end?: number): string {
  const file = DATASET_FILES.find((one) => one.path === path);
  if (file && start !== undefined && end !== undefined) {
    const size = BLOCK_RECORDS * file.recordBytes;
    const block = (start - file.headerBytes) / size;
    if (Number.isInteger(block) && end - start === size) return blockAddress(file, block);
  }
  for (const [pattern, place] of PLACES) {
    if (pattern.test(path)) return path.replace(pattern, place);
  }
  throw new InputError(`${path} has no address here`);
}
