/** Where model files are fetched from: a folder, an archive, or an address. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isAddress, nameOf } from "../datasets/address.ts";
import { InputError } from "../datasets/storage.ts";
import { fromArchive } from "./archived-model.ts";
import { fromAddress } from "./served-model.ts";
import { type Fetcher, pathsOf, save } from "./wanted-model.ts";

/** A file's bytes; what fails is the file's fault, and not that of where they go. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file);
  } catch (error) {
    throw new InputError(`cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
}

function fromFolder(folder: string): Fetcher {
  return async (wanted, part, onBytes) => {
    for (const path of pathsOf(wanted)) {
      const file = join(folder, path);
      if (!(await stat(file).catch(() => undefined))?.isFile()) continue;
      await save(bytesOf(file), wanted, part, onBytes);
      return true;
    }
    return false;
  };
}

/** @throws InputError where there is no such folder or archive. */
export async function openModelSource(given: string): Promise<Fetcher> {
  if (isAddress(given)) return fromAddress(given);
  const found = await stat(given).catch(() => undefined);
  if (found?.isDirectory()) return fromFolder(given);
  if (found?.isFile() && /\.(zip|tar|tar\.gz|tgz)$/i.test(given)) return fromArchive(given);
  throw new InputError(
    `models cannot be fetched from ${nameOf(given)}: it is no folder, no .zip, .tar or .tar.gz, and no http address`,
  );
}
