/** What anyone may have made, read no further than it can be long. */
import { open } from "node:fs/promises";
import { InputError } from "../datasets/storage.ts";

const PART = 2 ** 16;

/**
 * @param most bytes; a device or a pipe says of no size
 * @throws InputError if it cannot be read, or has more.
 */
export async function readBounded(path: string, most: number): Promise<string> {
  try {
    const handle = await open(path);
    try {
      const parts: Uint8Array[] = [];
      for (let size = 0; size <= most; ) {
        const { bytesRead, buffer } = await handle.read(new Uint8Array(PART), 0, PART);
        if (bytesRead === 0) return await new Blob(parts as BlobPart[]).text();
        parts.push(buffer.subarray(0, bytesRead));
        size += bytesRead;
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new InputError(`cannot read ${path} (${(error as { code?: string }).code})`);
  }
  throw new InputError(`${path} has more than ${most} bytes; is it the right file?`);
}

/**
 * A stream as it is.
 * @param onSize told how many bytes have come
 * @throws `tooLong` once they are more than `most`.
 */
export async function* bounded(
  source: AsyncIterable<Uint8Array>,
  most: number,
  tooLong: Error,
  onSize: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const part of source) {
    size += part.length;
    if (size > most) throw tooLong;
    onSize(size);
    yield part;
  }
}
