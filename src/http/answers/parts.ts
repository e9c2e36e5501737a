/** A body that is read in parts while it is sent: who reads slowly, or not at all, holds a part and not the whole. */
import { sha256Hex } from "../../datasets/digest.ts";
import { MismatchError } from "../../datasets/storage.ts";
import { type Log, withoutStack } from "./failure.ts";

/** Bytes of a part. */
const PART = 65_536;

/** Bytes in memory, or those that are read when they are needed and must have a digest. */
type Part = { size: number } & (
  | { bytes: Uint8Array<ArrayBuffer> }
  | { read(): Promise<Uint8Array<ArrayBuffer>>; sha256: string }
);

/** Parts one after the other, and who is told when one cannot be read. */
export interface Parts extends Log {
  length: number;
  parts: Part[];
}

/** What is taken to hold it, in bytes: a digest and what belongs to it for each part that is not kept. */
export function sizeOf(bytes: Uint8Array | Parts): number {
  if (bytes instanceof Uint8Array) return bytes.length;
  return bytes.parts.reduce((sum, part) => sum + ("bytes" in part ? part.size : 300), 0);
}

/**
 * Cuts bytes into parts that need not be kept.
 * @param places of files in them, in order; what lies between is kept
 * @param read gives the bytes [start, end) of a file
 * @param log takes a record for each answer that breaks off
 */
export async function cut(
  bytes: Uint8Array<ArrayBuffer>,
  places: { path: string; start: number; size: number }[],
  read: (path: string, start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>,
  log: Log["log"],
): Promise<Parts> {
  const parts: Part[] = [];
  const keep = (start: number, end: number) => {
    if (start < end) parts.push({ size: end - start, bytes: bytes.slice(start, end) });
  };
  let at = 0;
  for (const { path, start, size } of places) {
    keep(at, start);
    at = start + size;
    for (let from = 0; from < size; from += PART) {
      const to = Math.min(size, from + PART);
      const sha256 = await sha256Hex(bytes.subarray(start + from, start + to));
      parts.push({ size: to - from, read: () => read(path, from, to), sha256 });
    }
  }
  keep(at, bytes.length);
  return { length: bytes.length, parts, log };
}

/** @throws MismatchError where other bytes are there now. */
async function bytesOf(part: Part): Promise<Uint8Array<ArrayBuffer>> {
  if ("bytes" in part) return part.bytes;
  const bytes = await part.read();
  if ((await sha256Hex(bytes)) === part.sha256) return bytes;
  throw new MismatchError("a file changed while it was being sent");
}

/** The bytes [start, end), a part at a time. @throws MismatchError as bytesOf does. */
async function* within({ parts }: Parts, start: number, end: number) {
  let at = 0;
  for (const part of parts) {
    const [from, to] = [Math.max(0, start - at), Math.min(part.size, end - at)];
    at += part.size;
    if (from < to) yield (await bytesOf(part)).subarray(from, to);
  }
}

/**
 * The bytes [start, end), each part read when the one before is on its way.
 * @param onFailure told why it breaks off, if it does: no problem can answer any more
 */
export function streamOf(
  parts: Parts,
  start: number,
  end: number,
  onFailure: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const bytes = within(parts, start, end);
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await bytes.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          onFailure(error);
          controller.error(withoutStack("an answer broke off; the log has why"));
        }
      },
    },
    { highWaterMark: 0 },
  );
}

/** The bytes [start, end), in memory. @throws MismatchError as bytesOf does. */
export async function readWithin(
  parts: Parts,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const all = new Uint8Array(end - start);
  let at = 0;
  for await (const bytes of within(parts, start, end)) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}
