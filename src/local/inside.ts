/** What a path leads to, links followed, if that lies in a folder. */
import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { InputError } from "../datasets/storage.ts";

/**
 * The path itself of what `path` below `root` leads to; a link in a repository may lead anywhere.
 * @throws InputError if that lies outside of the folder; what realpath throws.
 */
export async function resolvedInside(root: string, path: string): Promise<string> {
  const [folder, found] = await Promise.all([realpath(root), realpath(join(root, path))]);
  if (found.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return found;
  throw new InputError(`${path} leads out of its folder; put the file itself there`);
}
