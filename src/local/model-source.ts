/**
 * Where model files are fetched from: a folder, an archive, or an address, be it of a server of
 * ours or of any host of static files. A model is asked for by the digest that is published of it.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Unzip, UnzipInflate } from "fflate";
import { type Address, isAddress, nameOf, readAddress } from "../datasets/address.ts";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { entriesOf } from "../npm/untar.ts";
import { bounded } from "./bounded.ts";

export interface Wanted {
  id: string;
  sha256: string;
  bytes: number;
}

/**
 * Brings a model file to `part`, whose first bytes may be there from a try that was cut short.
 * @returns whether the source has such a file; whether it is the right one is for others to tell
 */
export type Fetcher = (
  wanted: Wanted,
  part: string,
  onBytes: (count: number) => void,
) => Promise<boolean>;

/** What is there instead: it is not read to its end, which may be far. */
function tooLong({ id, bytes }: Wanted): MismatchError {
  return new MismatchError(`the model of ${id} there has more than the published ${bytes} bytes`);
}

/**
 * Writes what comes, as far as it can be the model.
 * @param there bytes that the file has already
 */
async function save(
  source: AsyncIterable<Uint8Array>,
  wanted: Wanted,
  part: string,
  onBytes: (count: number) => void,
  there = 0,
): Promise<void> {
  const most = wanted.bytes - there;
  const body = bounded(source, most, tooLong(wanted), (size) => onBytes(there + size));
  await pipeline(body, createWriteStream(part, { flags: there > 0 ? "a" : "w" }));
}

const sizeOf = async (path: string) => (await stat(path).catch(() => undefined))?.size ?? 0;

function pathsOf({ id, sha256 }: Wanted): string[] {
  return [`models/${id}/model.onnx`, `${id}/model.onnx`, `models/${sha256}.onnx`, `${sha256}.onnx`];
}

function fromFolder(folder: string): Fetcher {
  return async (wanted, part, onBytes) => {
    for (const path of pathsOf(wanted)) {
      const file = join(folder, path);
      if (!(await stat(file).catch(() => undefined))?.isFile()) continue;
      await save(createReadStream(file), wanted, part, onBytes);
      return true;
    }
    return false;
  };
}

/** Takes one file out of a ZIP, to whose end it is read. */
async function unzipOne(
  archive: string,
  isIt: (name: string) => boolean,
  wanted: Wanted,
  part: string,
) {
  let found = false;
  let size = 0;
  const out = createWriteStream(part);
  const failed = new Promise<never>((_, reject) => out.on("error", reject));
  let fault: Error | undefined;
  const unzip = new Unzip((file) => {
    if (found || !isIt(file.name)) return;
    found = true;
    file.ondata = (error, chunk) => {
      size += chunk?.length ?? 0;
      if (error) fault = error;
      else if (size > wanted.bytes) fault = tooLong(wanted);
      else out.write(chunk);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  const reading = (async () => {
    for await (const chunk of createReadStream(archive)) {
      unzip.push(chunk as Uint8Array);
      if (fault) throw fault;
      if (out.writableNeedDrain)
        await new Promise<void>((resolve) => out.once("drain", () => resolve()));
    }
    unzip.push(new Uint8Array(0), true);
    await new Promise<void>((resolve) => out.end(resolve));
  })();
  await Promise.race([reading, failed]);
  return found;
}

/** An archive of the repository, or of a checkpoint: .zip, .tar, .tar.gz, .tgz. */
function fromArchive(archive: string): Fetcher {
  return async (wanted, part, onBytes) => {
    const isIt = (name: string) => pathsOf(wanted).some((p) => `/${name}`.endsWith(`/${p}`));
    try {
      if (/\.zip$/i.test(archive)) {
        const found = await unzipOne(archive, isIt, wanted, part);
        if (found) onBytes(wanted.bytes);
        return found;
      }
      for await (const entry of entriesOf(createReadStream(archive))) {
        if (!isIt(entry.header.name)) {
          entry.resume();
          continue;
        }
        await save(entry, wanted, part, onBytes);
        return true;
      }
    } catch (error) {
      if (error instanceof InputError || error instanceof MismatchError) throw error;
      throw new InputError(`${archive} is no whole archive: ${(error as Error).message}`);
    }
    return false;
  };
}

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
function fromAddress(address: string): Fetcher {
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
