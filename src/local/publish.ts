/** Writes a static origin into a folder, or makes what is there right; what has not changed is left alone. */
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../datasets/digest.ts";
import { MANIFEST, type Manifest, parseManifest } from "../datasets/manifest.ts";
import { InputError } from "../datasets/storage.ts";
import { sortedJson } from "../sorted-json.ts";
import { writeWhole } from "./folder.ts";
import type { PublishedFile } from "./published-files.ts";

export interface Published {
  files: number;
  bytes: number;
  written: number;
  removed: number;
}

/** Adds a file to a manifest in the making. */
async function enter(manifest: Manifest, { path, bytes, partOf, labels }: PublishedFile) {
  const entry = { bytes: bytes.length, sha256: await sha256Hex(bytes) };
  manifest.files[path] = entry;
  if (partOf) manifest.joined[partOf] = [...(manifest.joined[partOf] ?? []), path];
  if (labels) manifest.labels[path] = labels;
  return entry;
}

/** The manifest of files, without writing them. */
export async function manifestOf(files: AsyncIterable<PublishedFile>): Promise<Manifest> {
  const manifest: Manifest = { version: 1, files: {}, joined: {}, labels: {} };
  for await (const file of files) await enter(manifest, file);
  return manifest;
}

/** The manifest of a folder. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, MANIFEST);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new InputError(`cannot read ${path} (${error.code}); is it the right folder?`);
  });
  return bytes && parseManifest(bytes, path);
}

async function isThere(path: string, { bytes, sha256 }: { bytes: number; sha256: string }) {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size !== bytes) return false;
  return (await sha256Hex(new Uint8Array(await readFile(path)))) === sha256;
}

/**
 * Files that are right are not written again; those that an earlier manifest named, and this one
 * does not, are removed. The manifest comes last: until then readers have the old one.
 * @throws InputError where something cannot be written.
 */
export async function publishInto(
  folder: string,
  files: AsyncIterable<PublishedFile>,
): Promise<Published> {
  const before = await readManifest(folder);
  const manifest: Manifest = { version: 1, files: {}, joined: {}, labels: {} };
  const done: Published = { files: 0, bytes: 0, written: 0, removed: 0 };
  for await (const file of files) {
    const entry = await enter(manifest, file);
    done.files++;
    done.bytes += entry.bytes;
    const path = join(folder, file.path);
    if (await isThere(path, entry)) continue;
    await writeWhole(path, file.bytes);
    done.written++;
  }
  const text = sortedJson(manifest);
  if (!before || sortedJson(before) !== text) await writeWhole(join(folder, MANIFEST), text);
  for (const path of Object.keys(before?.files ?? {})) {
    if (Object.hasOwn(manifest.files, path)) continue;
    await rm(join(folder, path), { force: true });
    done.removed++;
  }
  return done;
}
