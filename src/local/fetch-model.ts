/** A model file fetched into the cache: whole, and held to its digest. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { nameOf } from "../datasets/address.ts";
import { InputError, MismatchError, UnwritableError } from "../datasets/storage.ts";
import { bytesBar } from "../npm/bytes-bar.ts";
import { doneBeside, takeBeside } from "../beside.ts";
import { openModelSource } from "./model-source.ts";
import type { Wanted } from "./wanted-model.ts";
import { makeFolder } from "../make-folder.ts";

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** @throws InputError where it cannot be had, MismatchError where another file is given for it. */
async function fetchInto(wanted: Wanted, from: string | undefined, path: string): Promise<void> {
  const { id, sha256, bytes } = wanted;
  if (!from) {
    throw new InputError(
      `models/${id}/model.onnx is not here; rethink pull ${id} --from ADDRESS, FOLDER or ARCHIVE fetches it, or set RETHINK_MODELS to one`,
    );
  }
  const fetcher = await openModelSource(from);
  await makeFolder(dirname(path));
  const part = await takeBeside(path);
  const begun = await stat(part).catch(() => undefined);
  const bar = bytesBar(`fetching ${id}`, bytes);
  async function bring(): Promise<string> {
    if (!(await fetcher(wanted, part, bar.to)))
      throw new InputError(`${nameOf(from as string)} has no model of ${id}`);
    return await digestOf(part);
  }
  try {
    let found = await bring();
    if (found !== sha256 && begun) {
      await rm(part); // its first bytes may be another source's, and the fault as well
      found = await bring();
    }
    if (found !== sha256) {
      throw new MismatchError(
        `the model of ${id} at ${nameOf(from)} has SHA-256 ${found}, not the published ${sha256}`,
      );
    }
    await rename(part, path);
  } catch (error) {
    if (error instanceof MismatchError) await rm(part, { force: true }); // else the rest may come
    throw error;
  } finally {
    doneBeside(part);
    bar.stop();
  }
}

/**
 * Fetches a model; two who do so at once both have it.
 * @param from a folder, an archive or an address
 * @throws InputError where it cannot be had or written, MismatchError where another is given for it.
 */
export async function fetchModel(
  wanted: Wanted,
  from: string | undefined,
  path: string,
): Promise<void> {
  try {
    await fetchInto(wanted, from, path);
  } catch (error) {
    const { code, path: at = path } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof InputError) throw error;
    throw new UnwritableError(`cannot write ${at} (${code}); RETHINK_CACHE names another folder`);
  }
}
