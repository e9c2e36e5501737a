/**
 * A static origin that `rethink publish` made: its manifest says what there is, so that asking
 * whether a file is there costs no request, and every whole file is checked against its digest.
 */
import { sha256Hex } from "./digest.ts";
import {
  FILE_BYTES,
  MANIFEST,
  type Manifest,
  type Part,
  parseManifest,
  partsOf,
} from "./manifest.ts";
import { InputError, type Storage } from "./storage.ts";

/** How long a manifest is taken for the origin's without asking whether it still is. */
const FRESH_MILLISECONDS = 60_000;

/** Which manifest is the origin's now; undefined where it has none, and is a folder laid out by hand. */
function manifestOf(origin: Storage) {
  let known: { manifest: Manifest | undefined; version: string | undefined } | undefined;
  let asked = 0;
  let asking: Promise<Manifest | undefined> | undefined;

  async function refresh(): Promise<Manifest | undefined> {
    const version = await origin.version(MANIFEST);
    if (known && version !== undefined && version === known.version) return known.manifest;
    const there = version !== undefined || (await origin.exists(MANIFEST));
    const manifest = there ? parseManifest(await origin.read(MANIFEST)) : undefined;
    known = { manifest, version };
    return manifest;
  }

  return async (anew = false): Promise<Manifest | undefined> => {
    if (known && !anew && Date.now() - asked < FRESH_MILLISECONDS) return known.manifest;
    asking ??= refresh().finally(() => {
      asking = undefined;
    });
    try {
      const manifest = await asking;
      asked = Date.now();
      return manifest;
    } catch (error) {
      if (!known || anew) throw error;
      return known.manifest; // what it names is checked by digest, so an old one harms nobody
    }
  };
}

async function readPart(origin: Storage, part: Part, start: number, end: number) {
  // A few bytes of a file cannot be checked, and who reads them does not lean on them.
  if (start > 0 || end < part.bytes) return await origin.read(part.path, start, end);
  const bytes = await origin.read(part.path);
  if (bytes.length === part.bytes && (await sha256Hex(bytes)) === part.sha256) return bytes;
  throw new InputError(`${part.path} has other bytes there than ${MANIFEST} says`);
}

async function readParts(origin: Storage, path: string, parts: Part[], start = 0, end?: number) {
  const last = parts.at(-1);
  const size = last ? last.start + last.bytes : 0;
  const stop = end ?? size;
  if (stop > size) throw new InputError(`cannot read ${path}: it is shorter than that`);
  if (stop - start > FILE_BYTES) throw new InputError(`${path} is larger than any file here`);
  const within = parts.filter((part) => part.start < stop && part.start + part.bytes > start);
  const [only] = within;
  if (only && within.length === 1) {
    return await readPart(origin, only, start - only.start, stop - only.start);
  }
  const bytes = new Uint8Array(stop - start);
  for (const part of within) {
    const from = Math.max(0, start - part.start);
    const to = Math.min(part.bytes, stop - part.start);
    bytes.set(await readPart(origin, part, from, to), part.start + from - start);
  }
  return bytes;
}

/** The files of a static origin; of one without a manifest, as they are. */
export function publishedOrigin(origin: Storage): Storage {
  const current = manifestOf(origin);
  return {
    async read(path, start, end) {
      const manifest = await current();
      if (!manifest) return await origin.read(path, start, end);
      const parts = partsOf(manifest, path);
      try {
        if (!parts) throw new InputError(`cannot read ${path}: ${MANIFEST} does not name it`);
        return await readParts(origin, path, parts, start, end);
      } catch (error) {
        // Perhaps the origin has just been published anew.
        const now = await current(true);
        const instead = now && partsOf(now, path);
        if (!instead || JSON.stringify(instead) === JSON.stringify(parts)) throw error;
        return await readParts(origin, path, instead, start, end);
      }
    },
    async exists(path) {
      const manifest = await current();
      return manifest ? partsOf(manifest, path) !== undefined : await origin.exists(path);
    },
    async version(path) {
      const manifest = await current();
      if (!manifest) return await origin.version(path);
      return partsOf(manifest, path)
        ?.map(({ sha256 }) => sha256)
        .join(" ");
    },
  };
}
