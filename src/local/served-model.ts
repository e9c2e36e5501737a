/** A model file asked of a host, be it a server of ours or any host of static files: again, and on, until it is whole. */
import { rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { type Address, readAddress } from "../datasets/address.ts";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { type Fetcher, pathsOf, save, type Wanted } from "./wanted-model.ts";

const sizeOf = async (path: string) => (await stat(path).catch(() => undefined))?.size ?? 0;

/** Seconds without a byte after which a try is over. */
const SILENCE = 60;

/** A signal that aborts once nothing was heard for so long. */
function silence() {
  const controller = new AbortController();
  const late = () => controller.abort(new Error(`nothing came for ${SILENCE} s`));
  let timer = setTimeout(late, SILENCE * 1000);
  const end = () => clearTimeout(timer);
  const heard = () => {
    end();
    timer = setTimeout(late, SILENCE * 1000);
  };
  return { signal: controller.signal, heard, end };
}

/**
 * Asks for the rest of a file; what a server without ranges sends is the whole.
 * @returns 200, or what is there instead: a status, or what is wrong with the size
 */
async function download(
  { url, headers }: Pick<Address, "url" | "headers">,
  wanted: Wanted,
  part: string,
  onBytes: (count: number) => void,
): Promise<number | string> {
  const { bytes } = wanted;
  const there = await sizeOf(part);
  const from = there < bytes ? there : 0;
  const { signal, heard, end } = silence();
  const tell = (count: number) => {
    heard();
    onBytes(count);
  };
  try {
    const response = await fetch(url, {
      headers: {
        "Accept-Encoding": "identity",
        ...headers,
        ...(from > 0 && { Range: `bytes=${from}-` }),
      },
      signal,
    });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      return response.status;
    }
    const goesOn =
      response.status === 206 &&
      response.headers.get("Content-Range")?.startsWith(`bytes ${from}-`) === true;
    if (response.status === 206 && !goesOn) {
      await response.body.cancel();
      return 416;
    }
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    await save(body, wanted, part, tell, goesOn ? from : 0);
    const size = await sizeOf(part);
    if (size < bytes) throw new MismatchError(`it has ${size} of the published ${bytes} bytes`);
    return 200;
  } catch (error) {
    if (!(error instanceof MismatchError)) throw error;
    await rm(part, { force: true });
    return error.message;
  } finally {
    end();
  }
}

const TRIES = 5;
const MISSING: (number | string)[] = [400, 404, 405, 410];

/**
 * Asks again where that may help.
 * @returns what `download` does
 * @throws InputError where the server fails or cannot be reached, time and again
 */
async function patiently(
  at: Pick<Address, "url" | "headers">,
  ...rest: [Wanted, string, (count: number) => void]
) {
  for (let k = 1; ; k++) {
    let why: number | string;
    try {
      why = await download(at, ...rest);
      if (typeof why === "string" || (why < 500 && why !== 429)) return why;
    } catch (error) {
      const { message, cause } = error as Error;
      why = cause instanceof Error ? cause.message : message;
    }
    if (k === TRIES)
      throw new InputError(`${at.url} does not give the model (${why}); run again to go on`);
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** k));
  }
}

/**
 * A server of ours has a model under its digest, a host of static files where the repository has it.
 * What a host says of a file that it lacks is its own: some forbid it, some give a page for it.
 */
export function fromAddress(address: string): Fetcher {
  const { at, headers } = readAddress(address);
  return async (wanted, part, onBytes) => {
    const { id, sha256 } = wanted;
    const ours = `v1/checkpoints/${encodeURIComponent(id)}/model.onnx?sha256=${sha256}`;
    let refusal: string | undefined;
    for (const path of [...pathsOf(wanted).slice(0, 1), ours, ...pathsOf(wanted).slice(1)]) {
      const url = at(path);
      const given = await patiently({ url, headers }, wanted, part, onBytes);
      if (given === 200) return true;
      if (!MISSING.includes(given)) refusal ??= `${url} does not give the model (${given})`;
    }
    if (refusal !== undefined) throw new InputError(refusal);
    return false;
  };
}
