/** What a path leads to, links followed, if that lies where the path says. */
import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { InputError } from "../datasets/storage.ts";

function isWithin(found: string, folder: string): boolean {
  return found.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * The path itself of what `path` below `root` leads to. A link in a repository may lead anywhere:
 * out of it, or to what else lies in its folder, a key or what git keeps. So what is read lies in
 * the same folder of the root that the path begins with, and a file of the root is no link.
 * @throws InputError if that is elsewhere; what realpath throws.
 */
export async function resolvedInside(root: string, path: string): Promise<string> {
  const [folder, found] = await Promise.all([realpath(root), realpath(join(root, path))]);
  const [first = ""] = path.split("/");
  const top = join(folder, first);
  if (isWithin(top, folder) && (found === top || isWithin(found, top))) return found;
  throw new InputError(`${path} leads out of its folder; put the file itself there`);
}
