/** A storage read over HTTP: any server of static files that answers byte ranges. */
import { readAddress } from "./address.ts";
import { boundedBody, withinOrigin } from "./bounded-fetch.ts";
import { FILE_BYTES } from "./manifest.ts";
import { InputError, type Storage } from "./storage.ts";

export interface OriginOptions {
  /** How long one try may take, body included. */
  seconds?: number;
  tries?: number;
  /** What asks; a platform may have more than the global one. */
  fetch?: typeof globalThis.fetch;
}

/** No try was answered whole; what is asked for may be there all the same. */
export class UnansweredError extends InputError {
  override name = "UnansweredError";
}

/** Why a try failed, and whether another may not. */
class Failed extends Error {
  readonly again: boolean;

  constructor(reason: string, again: boolean) {
    super(reason);
    this.again = again;
  }
}

function refuse({ status }: Response): void {
  if (status === 404 || status === 410) throw new Failed("there is no such file", false);
  if (status === 416) throw new Failed("it is shorter than that", false);
  const again = status === 408 || status === 425 || status === 429 || status >= 500;
  if (status !== 200 && status !== 206) throw new Failed(`status ${status}`, again);
}

/** The body, which must be as long as it was said to be. */
async function wholeBody(response: Response, length: number | undefined) {
  const bytes = await boundedBody(response, length ?? FILE_BYTES, length);
  if (length !== undefined && bytes.length !== length) {
    throw new Failed(`the answer ended after ${bytes.length} of ${length} bytes`, true);
  }
  return bytes;
}

function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get("Content-Length");
  if (length === null || headers.has("Content-Encoding")) return undefined;
  return Math.min(Number(length) || 0, FILE_BYTES);
}

async function readRange(response: Response, start: number, end: number) {
  if (response.status === 206) {
    const said = response.headers.get("Content-Range") ?? "";
    if (!said.startsWith(`bytes ${start}-${end - 1}/`)) {
      throw new Failed(`bytes ${start} to ${end} were asked for, "${said}" was answered`, false);
    }
    return await wholeBody(response, end - start);
  }
  const bytes = await wholeBody(response, lengthOf(response)); // a server without ranges
  if (bytes.length < end) throw new Failed("it is shorter than that", false);
  return bytes.slice(start, end);
}

/**
 * Files below an address, e.g. `https://example.org/rethink/` with models/, fixtures/ and
 * cifar10/. A try that times out, breaks off or is answered with 5xx is repeated.
 */
export function originStorage(origin: string, options: OriginOptions = {}): Storage {
  const { seconds = 30, tries = 3 } = options;
  const fetch = withinOrigin(options.fetch ?? ((...request) => globalThis.fetch(...request)));
  const { at, headers: who } = readAddress(origin);

  async function once<T>(path: string, init: RequestInit, take: (r: Response) => Promise<T>) {
    const signal = AbortSignal.timeout(seconds * 1000);
    const headers = { "Accept-Encoding": "identity", ...who, ...init.headers };
    let response: Response | undefined;
    try {
      response = await fetch(at(path), { ...init, headers, signal });
      return await take(response);
    } catch (error) {
      // A body that nobody reads would hold the connection; one that was read refuses.
      await response?.body?.cancel().catch(() => {});
      if (error instanceof Failed) throw error;
      if (error instanceof InputError) throw new Failed(error.message, false);
      throw new Failed(signal.aborted ? `it took longer than ${seconds} s` : "no answer", true);
    }
  }

  async function ask<T>(path: string, init: RequestInit, take: (r: Response) => Promise<T>) {
    for (let k = 1; ; k++) {
      try {
        return await once(path, init, take);
      } catch (error) {
        const { again, message } = error as Failed;
        if (!again) throw new InputError(`cannot read ${path}: ${message}`);
        if (k >= tries) throw new UnansweredError(`cannot read ${path}: ${message}`);
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** k));
      }
    }
  }

  async function head(path: string): Promise<Headers | undefined> {
    return await ask(path, { method: "HEAD" }, async (response) => {
      if (response.status === 404 || response.status === 410) return undefined;
      refuse(response);
      return response.headers;
    });
  }

  return {
    async read(path, start, end) {
      if (start === undefined || end === undefined) {
        return await ask(path, {}, async (response) => {
          refuse(response);
          return await wholeBody(response, lengthOf(response));
        });
      }
      return await ask(path, { headers: { Range: `bytes=${start}-${end - 1}` } }, async (r) => {
        refuse(r);
        return await readRange(r, start, end);
      });
    },
    exists: async (path) => (await head(path)) !== undefined,
    async version(path) {
      const headers = await head(path);
      return headers?.get("ETag") ?? headers?.get("Last-Modified") ?? undefined;
    },
  };
}
