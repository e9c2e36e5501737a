/**
 * A file of known SHA-256 as an answer: strong entity tag, byte ranges and
 * conditions (RFC 9110, sections 13 and 14), digests (RFC 9530), HEAD.
 */
import type { Context } from "hono";
import { cacheControl, etagOf, notModified } from "./conditional.ts";
import { report } from "./failure.ts";
import { shareInFlight } from "./in-flight.ts";
import { type Parts, readWithin, streamOf } from "./parts.ts";
import { Problem } from "./problem.ts";

/** A larger range of what is read in parts has no Content-Digest: it is read once, while it is sent. */
const DIGESTED = 2 ** 20;

export interface Download {
  bytes: Uint8Array<ArrayBuffer> | Parts;
  /** Of `bytes`, hex; checked by whoever read them. */
  sha256: string;
  /** Media type. */
  type: string;
  /** What a browser saves it as. */
  filename: string;
  /** The address contains the digest, so the answer never changes. */
  pinned: boolean;
}

/** The bytes [start, end) of a file. */
interface ByteRange {
  start: number;
  end: number;
}

/** A digest as RFC 9530 writes it, out of 32 bytes or their hex. */
function digestField(hash: Uint8Array): string {
  return `sha-256=:${btoa(String.fromCharCode(...hash))}:`;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/**
 * What a Range header asks of a file of `size` bytes. Undefined is the whole
 * file: no header, a unit other than bytes, or several ranges, which a server may ignore.
 */
function parseByteRange(
  header: string | undefined,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const set = /^bytes=(.*)$/i.exec(header?.trim() ?? "")?.[1];
  if (set === undefined || set.includes(",")) return undefined;
  const [, first = "", last = ""] = /^\s*(\d*)-(\d*)\s*$/.exec(set) ?? [];
  if (first === "" && last === "") return "unsatisfiable";
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  return start < end ? { start, end } : "unsatisfiable";
}

/** The range to answer with: If-Range must name this very file, by its strong tag. */
function rangeOf(c: Context, etag: string, size: number) {
  const condition = c.req.header("If-Range");
  if (c.req.method !== "GET" || (condition !== undefined && condition.trim() !== etag)) {
    return undefined;
  }
  return parseByteRange(c.req.header("Range"), size);
}

/** The bytes [start, end) read while they are sent. */
function streamed(c: Context, parts: Parts, { start, end }: ByteRange) {
  return streamOf(parts, start, end, (error) => report(c, parts, error));
}

/** The bytes [start, end) as a body, and their digest field where it is known before they are sent. */
async function rangeBody(c: Context, bytes: Uint8Array<ArrayBuffer> | Parts, range: ByteRange) {
  const { start, end } = range;
  const whole = bytes instanceof Uint8Array;
  if (!whole && end - start > DIGESTED) return { body: streamed(c, bytes, range) };
  const body = whole ? bytes.subarray(start, end) : await readWithin(bytes, start, end);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return { body, digest: digestField(hash) };
}

/**
 * Answers with a file or the part of it that is asked for.
 * @throws Problem if If-Match names another file, or the range has no byte of it.
 */
export async function download(c: Context, file: Download): Promise<Response> {
  const { sha256, type, filename, pinned } = file;
  const bytes = file.bytes instanceof Uint8Array ? shareInFlight(sha256, file.bytes) : file.bytes;
  const etag = etagOf(sha256);
  const headers = {
    ETag: etag,
    "Cache-Control": cacheControl(pinned),
    "Accept-Ranges": "bytes",
    "Repr-Digest": digestField(fromHex(sha256)),
  };
  const unchanged = notModified(c, headers);
  if (unchanged) return unchanged;
  const range = rangeOf(c, etag, bytes.length);
  if (range === "unsatisfiable") {
    throw new Problem("range-not-satisfiable", `the file has ${bytes.length} bytes`, {
      "Content-Range": `bytes */${bytes.length}`,
    });
  }
  const { start, end } = range ?? { start: 0, end: bytes.length };
  const about = {
    ...headers,
    "Content-Type": type,
    "Content-Disposition": `attachment; filename="${filename}"`,
    "Content-Length": `${end - start}`,
  };
  if (c.req.method === "HEAD") return c.body(null, 200, about);
  if (!range) {
    const body = bytes instanceof Uint8Array ? bytes : streamed(c, bytes, { start, end });
    return c.body(body, 200, { ...about, "Content-Digest": headers["Repr-Digest"] });
  }
  const { body, digest } = await rangeBody(c, bytes, range);
  return c.body(body, 206, {
    ...about,
    ...(digest && { "Content-Digest": digest }),
    "Content-Range": `bytes ${start}-${end - 1}/${bytes.length}`,
  });
}
