/** The body of a request: of a bounded size, and read no longer than anybody waits for the answer. */
import { Problem } from "./problem.ts";

const BODY_BYTES = 16 * 2 ** 20;
/** What must arrive each second, once the first seconds are over. */
const LEAST_BYTES = 16_384;
const GRACE_SECONDS = 5;

function tooLarge(): Problem {
  return new Problem("body-too-large", `send at most ${BODY_BYTES} bytes`);
}

/** One array that grows: in a list, parts of a byte each would take a hundred times their size. */
function growingBytes() {
  let bytes = new Uint8Array(0);
  let size = 0;
  return {
    /** @throws Problem if there are too many. */
    add(part: Uint8Array): void {
      const end = size + part.length;
      if (end > BODY_BYTES) throw tooLarge();
      if (end > bytes.length) {
        const grown = new Uint8Array(Math.min(BODY_BYTES, Math.max(end, 2 * bytes.length)));
        grown.set(bytes);
        bytes = grown;
      }
      bytes.set(part, size);
      size = end;
    },
    size: () => size,
    all: () => bytes.subarray(0, size),
  };
}

/** A signal that aborts once less has arrived than should have: a body has a place meanwhile. */
function leastRate(size: () => number) {
  const controller = new AbortController();
  const started = performance.now();
  const timer = setInterval(() => {
    const seconds = (performance.now() - started) / 1000;
    if (size() >= (seconds - GRACE_SECONDS) * LEAST_BYTES) return;
    const rate = `send at least ${LEAST_BYTES} bytes a second`;
    controller.abort(new Problem("body-too-slow", rate));
  }, 500);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}

/** @throws Problem if it is encoded: what a body decodes to has no bound of its own. */
function assertPlain(headers: Headers): void {
  const encoding = headers.get("Content-Encoding")?.trim().toLowerCase() || "identity";
  if (encoding === "identity") return;
  throw new Problem(
    "encoding-not-offered",
    `Content-Encoding: ${encoding.slice(0, 50)} is not decoded here; send the body as it is`,
    { "Accept-Encoding": "identity" },
  );
}

/** The problem that a body is which fails while it is read: its client ended it early, or cannot count. */
function broken(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof Problem || signal.aborted) return error;
  return new Problem("bad-parameter", "body: it ends early, or its chunks are not what they say");
}

/** @throws Problem if it is encoded, broken or too large, unread where its length says so; the signal's reason. */
export async function readBody(
  { headers, body }: Request,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  assertPlain(headers);
  if (Number(headers.get("Content-Length")) > BODY_BYTES) throw tooLarge();
  const bytes = growingBytes();
  const slow = leastRate(bytes.size);
  const until = { signal: AbortSignal.any([signal, slow.signal]) };
  try {
    // A pipe, because a reader heeds no signal and a client may stop to send.
    await body?.pipeTo(new WritableStream({ write: (part) => bytes.add(part) }), until);
  } catch (error) {
    throw broken(error, until.signal);
  } finally {
    slow.stop();
  }
  return bytes.all();
}
