/** A file that anyone may have made, read no further than such a file can be long. */
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
