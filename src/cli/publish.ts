/** `publish DIR`: a static origin in a folder; `--check URL` compares one that is deployed. */
import { resolve } from "node:path";
import pLimit from "p-limit";
import { nameOf } from "../datasets/address.ts";
import { sha256Hex } from "../datasets/digest.ts";
import {
  MANIFEST,
  type Manifest,
  type ManifestEntry,
  parseManifest,
} from "../datasets/manifest.ts";
import { originStorage } from "../datasets/origin.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { manifestOf, publishInto, readManifest } from "../local/publish.ts";
import { type PublishedFile, publishedFiles } from "../local/published-files.ts";
import { print, printError } from "../print.ts";
import { sortedJson } from "../sorted-json.ts";

export interface PublishOptions {
  check?: URL;
  /** Whether the pages are written, too. */
  pages?: boolean;
}

/** Downloads at once. */
const AT_ONCE = 8;

/** Whether a file there is the named one, and otherwise what it is instead. */
async function difference(origin: Storage, path: string, { bytes, sha256 }: ManifestEntry) {
  const there = await origin.read(path);
  const found = await sha256Hex(there);
  if (found === sha256) return undefined;
  return `${path} has ${there.length} bytes and SHA-256 ${found}, not ${bytes} and ${sha256}`;
}

/** Whether the manifest there is ours, and otherwise what more it names. */
async function manifestDifference(origin: Storage, own: Manifest): Promise<string | undefined> {
  const there = parseManifest(await origin.read(MANIFEST));
  if (sortedJson(there) === sortedJson(own)) return undefined;
  const more = Object.keys(there.files).filter((path) => !Object.hasOwn(own.files, path));
  return [`${MANIFEST} is another there`, ...more.map((path) => `and names ${path}`)].join(", ");
}

/** What differs there from what a manifest names, a line each. What cannot be read differs. */
async function differences(url: URL, manifest: Manifest): Promise<string[]> {
  const origin = originStorage(`${url}`);
  const limit = pLimit(AT_ONCE);
  const asked = [
    ...Object.entries(manifest.files).map(
      ([path, entry]) =>
        () =>
          difference(origin, path, entry),
    ),
    () => manifestDifference(origin, manifest),
  ];
  const found = asked.map((ask) =>
    limit(ask).catch((error) => {
      if (error instanceof InputError) return error.message;
      throw error;
    }),
  );
  return (await Promise.all(found)).filter((line) => line !== undefined);
}

/** What the folder is to hold; handlers and pages read the dataset's blocks at the same addresses. */
async function* wanted({ pages }: PublishOptions): AsyncGenerator<PublishedFile> {
  yield* publishedFiles();
  if (!pages) return;
  const { pageFiles } = await import("./site.ts"); // nothing else should wait for what draws
  yield* pageFiles({ dataset: true });
}

async function check(url: URL, folder: string | undefined, options: PublishOptions) {
  const own = folder === undefined ? undefined : await readManifest(folder);
  if (folder !== undefined && !own) {
    throw new InputError(`${folder} has no ${MANIFEST}; rethink publish ${folder} writes it`);
  }
  const manifest = own ?? (await manifestOf(wanted(options)));
  const lines = await differences(url, manifest);
  for (const line of lines) print(line);
  const count = Object.keys(manifest.files).length + 1;
  if (lines.length === 0) print(`${nameOf(url)} has all ${count} files, byte for byte`);
  else printError(`rethink: ${lines.length} of ${count} files differ at ${nameOf(url)}`);
  return lines.length === 0 ? 0 : 1;
}

/** @returns the exit status: 1 if what is deployed differs */
export async function publish(folder: string | undefined, options: PublishOptions) {
  if (options.check) return await check(options.check, folder, options);
  if (folder === undefined) throw new InputError("publish needs a folder, or --check an address");
  const { files, bytes, written, removed } = await publishInto(resolve(folder), wanted(options));
  const gone = removed > 0 ? `, ${removed} removed` : "";
  print(
    `${folder}: ${files} files, ${Math.round(bytes / 1e6)} MB; ${written} written${gone}; serve it as it is`,
  );
  return 0;
}
