/** A published file as it lies here, and what became of it where it is not the one that was published. */
import { sha256Hex } from "../datasets/digest.ts";
import { InputError, MismatchError, type Storage } from "../datasets/storage.ts";

/** What to do about published files that contradict each other. */
export const RESTORE = "restore it from the repository";

const LFS_POINTER = new TextEncoder().encode("version https://git-lfs.github.com/spec/");
const [CR, LF] = [13, 10];

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, i) => bytes[i] === byte);
}

/** The bytes with LF for each CRLF; the same object where there is none. */
function withoutCarriageReturns(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const kept = bytes.filter((byte, i) => !(byte === CR && bytes[i + 1] === LF));
  return kept.length === bytes.length ? bytes : kept;
}

/** Why the bytes are others than published, where that can be told from them; and what to do. */
async function causeOf(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<string> {
  if (startsWith(bytes, LFS_POINTER)) {
    return "; it is a Git LFS pointer and not the file: git lfs pull fetches that";
  }
  const plain = withoutCarriageReturns(bytes);
  if (plain !== bytes && (await sha256Hex(plain)) === sha256) {
    return "; its lines end in CRLF, with LF it is the published one: git has changed it (core.autocrlf), so delete it and check it out again";
  }
  return "";
}

/**
 * A published file whole.
 * @throws MismatchError where there is no such file, InputError where it cannot be read here.
 */
export async function readPublishedFile(
  project: Storage,
  path: string,
  remedy = RESTORE,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await project.read(path);
  } catch (error) {
    if (!(error instanceof InputError) || (await project.exists(path))) throw error;
    throw new MismatchError(`${path} is missing; ${remedy}`);
  }
}

/** @throws MismatchError that says what the bytes are instead, where that can be told. */
export async function checkDigest(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: string,
  remedy = "",
): Promise<void> {
  const found = await sha256Hex(bytes);
  if (found === sha256) return;
  const why = (await causeOf(bytes, sha256)) || (remedy && `; ${remedy}`);
  throw new MismatchError(`${path} has SHA-256 ${found}, not the published ${sha256}${why}`);
}

/** @throws MismatchError where it is a pointer to a text. */
export function publishedText(path: string, bytes: Uint8Array): string {
  if (!startsWith(bytes, LFS_POINTER)) return new TextDecoder().decode(bytes);
  throw new MismatchError(
    `${path} is a Git LFS pointer and not the file: git lfs pull fetches that; or ${RESTORE}`,
  );
}

/**
 * Parses what could be read of a published file. That it is malformed is no fault of this machine.
 * @throws MismatchError in the place of an InputError
 */
export function parsePublished<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof InputError ? new MismatchError(error.message) : error;
  }
}
