/** The blocks of a kernel's factor on disk, to go on from: a file each, its values and then their SHA-256. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../datasets/storage.ts";
import { writeWhole } from "../local/folder.ts";
import { printError } from "../print.ts";
import type { BlockStore } from "../training/kernel/factor.ts";

const DIGEST_BYTES = 32;

const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

/**
 * The store of a folder, and the seconds that all of its blocks took so far. A block that is not whole
 * is none: it is computed anew.
 */
export async function keptBlocks(folder: string) {
  const ledger = join(folder, "seconds");
  const before = Number(await readFile(ledger, "utf8").catch(() => 0)) || 0;
  const started = Date.now();
  const path = (i: number, j: number) => join(folder, `${i}-${j}.f32`);
  let seconds = before;
  const store: BlockStore = {
    async read(i, j, length) {
      const file = await readFile(path(i, j)).catch(() => Buffer.alloc(0));
      const bytes = file.subarray(0, length * Float32Array.BYTES_PER_ELEMENT);
      if (file.length !== bytes.length + DIGEST_BYTES) return undefined;
      if (!digestOf(bytes).equals(file.subarray(bytes.length))) return undefined;
      return new Float32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, length);
    },
    async write(i, j, { buffer, byteOffset, byteLength }) {
      seconds = before + (Date.now() - started) / 1000;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      try {
        await writeWhole(path(i, j), Buffer.concat([bytes, digestOf(bytes)]));
        await writeWhole(ledger, String(seconds));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        printError(`${error.message}; solving goes on, and begins anew if it is ended`); // the factor is in memory
      }
    },
  };
  return { store, seconds: () => seconds };
}
