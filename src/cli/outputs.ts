/** What a command writes takes the place of nothing that it reads, and of nothing else that it writes. */
import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { InputError } from "../datasets/storage.ts";
import { checkWritable, isStream } from "../local/folder.ts";
import { signingKeyFile } from "../local/signing-key.ts";

/** A file that is read, or a folder with what is read of it, by the ends of paths. */
export interface Source {
  path: string;
  inside?: RegExp;
}

/** Where a path leads, whatever is there and by whichever links. */
async function placeOf(path: string): Promise<string> {
  const whole = resolve(path);
  const above = dirname(whole);
  return await realpath(whole).catch(async () =>
    above === whole ? whole : join(await placeOf(above), basename(whole)),
  );
}

/** Of what is read, or is the signing key, what a file would be written over; a stream is over nothing. */
export async function overwritten(file: string, sources: Source[]): Promise<Source | undefined> {
  if (await isStream(file)) return undefined;
  const place = await placeOf(file);
  for (const source of [...sources, { path: signingKeyFile() }]) {
    const at = await placeOf(source.path);
    const within = place.startsWith(at + sep) && source.inside?.test(place);
    if (place === at || within) return source;
  }
  return undefined;
}

function why({ path, inside }: Source): string {
  if (path === signingKeyFile()) return "is the signing key";
  return inside ? `lies in ${path}, which is read` : "is read as well";
}

/**
 * Makes sure of what is to be written before the work whose result it is to hold.
 * @throws InputError where a file is read or written otherwise, too, or could not be written
 */
export async function checkOutputs(files: string[], sources: Source[]): Promise<void> {
  const places = new Set<string>();
  for (const file of files) {
    const over = await overwritten(file, sources);
    if (over) throw new InputError(`${file} is to be written, and ${why(over)}; name another file`);
    if (await isStream(file)) continue;
    const place = await placeOf(file);
    if (places.has(place))
      throw new InputError(`${file} is to be written twice; name another file for one of the two`);
    places.add(place);
  }
  for (const file of files) await checkWritable(file);
}
