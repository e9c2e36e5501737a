/** A model file that is wanted, by the digest that is published of it: where a source may have it, and how it is kept. */
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { MismatchError } from "../datasets/storage.ts";
import { bounded } from "./bounded.ts";

export interface Wanted {
  id: string;
  sha256: string;
  bytes: number;
}

/**
 * Brings a model file to `part`, whose first bytes may be there from a try that was cut short.
 * @returns whether the source has such a file; whether it is the right one is for others to tell
 */
export type Fetcher = (
  wanted: Wanted,
  part: string,
  onBytes: (count: number) => void,
) => Promise<boolean>;

/** What is there instead: it is not read to its end, which may be far. */
export function tooLong({ id, bytes }: Wanted): MismatchError {
  return new MismatchError(`the model of ${id} there has more than the published ${bytes} bytes`);
}

/**
 * Writes what comes, as far as it can be the model.
 * @param there bytes that the file has already
 */
export async function save(
  source: AsyncIterable<Uint8Array>,
  wanted: Wanted,
  part: string,
  onBytes: (count: number) => void,
  there = 0,
): Promise<void> {
  const most = wanted.bytes - there;
  const body = bounded(source, most, tooLong(wanted), (size) => onBytes(there + size));
  await pipeline(body, createWriteStream(part, { flags: there > 0 ? "a" : "w" }));
}

/** Where a model lies below a source, the likeliest first: as the repository has it, or by its digest. */
export function pathsOf({ id, sha256 }: Wanted): string[] {
  return [`models/${id}/model.onnx`, `${id}/model.onnx`, `models/${sha256}.onnx`, `${sha256}.onnx`];
}
