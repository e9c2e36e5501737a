/** Where an audit reads from: files that a person gave, and for the rest the host of the page. */
import { originStorage, UnansweredError } from "../../datasets/origin.ts";
import { BLOCK_RECORDS, blockAddress, fileBytes, type RecordFile } from "../../datasets/records.ts";
import { InputError, type Storage } from "../../datasets/storage.ts";
import { addressOf, DATASET_FILES } from "./addresses.ts";

/** Seconds for a block of 3 MB: several come at once, and some lines are slow. */
const PATIENCE = 600;

/** What can be sent to a worker. */
export interface Sources {
  /** The address that the pages' paths are relative to. */
  root: string;
  /** Files that were given, by their path in the project. */
  files: ReadonlyMap<string, Blob>;
}

async function part(path: string, file: Blob, start = 0, end = file.size) {
  if (end > file.size) throw new InputError(`${path}, as it was given, ends before byte ${end}`);
  try {
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch (cause) {
    throw new InputError(`${path}, as it was given, cannot be read any more`, { cause });
  }
}

/** Why a dataset's records are not to be had, and what is to be done about it. */
function notThere({ dataset, path }: RecordFile, cause: unknown): unknown {
  if (!(cause instanceof InputError) || cause instanceof UnansweredError) return cause;
  const folder = path.slice(0, path.indexOf("/") + 1);
  const files = DATASET_FILES.filter((one) => one.path.startsWith(folder));
  const names = files.map((one) => one.path.slice(folder.length)).join(", ");
  return new InputError(
    `${dataset} cannot be had from this host, so that its official files must be given, ${names}: ${cause.message}`,
    { cause },
  );
}

/** The header of an official idx file, which no block has (its magic number, then each dimension). */
function headerOf({ headerBytes, recordBytes, records }: RecordFile): Uint8Array {
  const header = new DataView(new ArrayBuffer(headerBytes));
  if (headerBytes === 0) return new Uint8Array();
  const side = Math.sqrt(recordBytes);
  const dimensions = recordBytes > 1 ? [records, side, side] : [records];
  for (const [k, number] of [0x0800 + dimensions.length, ...dimensions].entries()) {
    header.setUint32(4 * k, number);
  }
  return new Uint8Array(header.buffer);
}

/** A whole dataset file, block by block; whoever asked holds it to its digest. */
async function joined(host: Storage, file: RecordFile): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(fileBytes(file));
  bytes.set(headerOf(file));
  const size = BLOCK_RECORDS * file.recordBytes;
  for (const block of file.blocks?.keys() ?? []) {
    bytes.set(await host.read(blockAddress(file, block)), file.headerBytes + block * size);
  }
  return bytes;
}

export function storageOf({ root, files }: Sources): Storage {
  const host = originStorage(root, { seconds: PATIENCE });
  return {
    async read(path, start, end) {
      const file = files.get(path);
      if (file) return await part(path, file, start, end);
      const official = DATASET_FILES.find((one) => one.path === path);
      const whole =
        start === undefined || (start === 0 && end === (official && fileBytes(official)));
      if (!official) return await host.read(addressOf(path, start, end));
      try {
        if (whole) return await joined(host, official);
        return await host.read(addressOf(path, start, end)); // a block is a file of its own
      } catch (cause) {
        throw notThere(official, cause);
      }
    },
    async exists(path) {
      return files.has(path) || (await host.exists(addressOf(path)));
    },
    version: () => Promise.resolve(undefined),
  };
}
