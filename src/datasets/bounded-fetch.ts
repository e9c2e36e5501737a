/** Answers of a server that may be anybody's: of bounded size once decoded, and its own. */
import { InputError } from "./storage.ts";

const REDIRECTS = 5;

/**
 * A body, decoded; a few kilobytes on the wire may be gigabytes here.
 * @param expected how many bytes it is said to have, so that room for them is made once
 * @throws InputError once it has more than `most` bytes.
 */
export async function boundedBody(
  { body }: Response,
  most: number,
  expected = 0,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(Math.min(most, expected));
  let size = 0;
  const write = (part: Uint8Array) => {
    const end = size + part.length;
    if (end > most) throw new InputError(`the answer has more than the ${most} bytes expected`);
    if (end > bytes.length) {
      const grown = new Uint8Array(Math.min(most, Math.max(end, 2 * bytes.length)));
      grown.set(bytes);
      bytes = grown;
    }
    bytes.set(part, size);
    size = end;
  };
  await body?.pipeTo(new WritableStream({ write })); // ends the request where it throws
  return size === bytes.length ? bytes : bytes.slice(0, size);
}

function isRedirect({ status, type }: Response): boolean {
  return type === "opaqueredirect" || [301, 302, 303, 307, 308].includes(status);
}

/**
 * fetch that follows redirects within an origin alone: who was trusted with a question does not
 * say who else answers it.
 * @throws InputError where it leads elsewhere.
 */
export function withinOrigin(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    let request = new Request(input, { ...init, redirect: "manual" });
    for (let k = 0; k <= REDIRECTS; k++) {
      const response = await fetch(request);
      if (!isRedirect(response)) return response;
      await response.body?.cancel();
      const to = response.headers.get("Location") ?? "";
      const base = request.url;
      if (!URL.canParse(to, base) || new URL(to, base).origin !== new URL(base).origin) {
        throw new InputError("the server leads to another one; give that one's address");
      }
      request = new Request(new URL(to, base), request);
    }
    throw new InputError(`the server leads on more than ${REDIRECTS} times`);
  };
}
