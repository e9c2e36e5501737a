/** What a static origin holds, file by file: manifest.json, which `rethink publish` writes. */
import * as v from "valibot";
import { faultOf } from "../issue.ts";
import { InputError } from "./storage.ts";

export const MANIFEST = "manifest.json";

/** More than any file that is published. */
export const FILE_BYTES = 64 * 2 ** 20;

/** Below the origin, never out of it. */
const Path = v.pipe(v.string(), v.regex(/^(?!\.{1,2}(\/|$))[\w.-]+(\/(?!\.{1,2}(\/|$))[\w.-]+)*$/));
const Entry = v.object({
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(FILE_BYTES)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const ManifestSchema = v.object({
  version: v.literal(1),
  files: v.record(Path, Entry),
  /** Files that are not there themselves: the names of their parts, which follow one another. */
  joined: v.record(Path, v.array(Path)),
  /** Of each file of training labels, one uint8 an example, what gives them: see a view's labels. */
  labels: v.record(Path, v.unknown()),
});

export type Manifest = v.InferOutput<typeof ManifestSchema>;
export type ManifestEntry = v.InferOutput<typeof Entry>;

/** @throws InputError that says what is wrong with it. */
export function parseManifest(bytes: Uint8Array, name = MANIFEST): Manifest {
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new InputError(`${name} is not JSON; rethink publish writes it`);
  }
  const parsed = v.safeParse(ManifestSchema, data, { abortEarly: true });
  if (!parsed.success) {
    throw new InputError(`${name}: ${faultOf(parsed.issues[0])}`);
  }
  const { files, joined } = parsed.output;
  const lost = Object.values(joined)
    .flat()
    .find((part) => !Object.hasOwn(files, part));
  if (lost) throw new InputError(`${name}: ${lost} is a part of a file, and not among its files`);
  return parsed.output;
}

/** A part of a file that is kept in parts. */
export interface Part extends ManifestEntry {
  path: string;
  /** Where it begins in the file. */
  start: number;
}

/** The parts of a file, or the file as its only one; undefined if the manifest has neither. */
export function partsOf({ files, joined }: Manifest, path: string): Part[] | undefined {
  const names = Object.hasOwn(joined, path) ? joined[path] : [path];
  let start = 0;
  const parts: Part[] = [];
  for (const name of names ?? []) {
    const entry = Object.hasOwn(files, name) ? files[name] : undefined;
    if (!entry) return undefined;
    parts.push({ path: name, start, ...entry });
    start += entry.bytes;
  }
  return parts;
}
