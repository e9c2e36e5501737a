/** What the commands share: the project's files, and ids. */
import { commandLine } from "../command.ts";
import { InputError } from "../datasets/storage.ts";
import { RECIPES } from "../recipes.ts";
import { suggestion } from "../suggestion.ts";
import { PROJECT } from "./dataset.ts";
import { folderStorage } from "./folder.ts";
import { withModels } from "./models.ts";

/** The folder with models and fixtures: RETHINK_HOME, or the project itself. */
export const HOME = process.env.RETHINK_HOME || PROJECT;
/** What lies in that folder. */
export const home = folderStorage(HOME, "restore it from the repository");
/** The same, and the models that are published and lie elsewhere. */
export const project = withModels(home);

/** The error that no such thing is known; it names the one that is near, if one is. */
export function unknown(id: string, ids: string[], what: string): InputError {
  const hint =
    suggestion(id, ids) ||
    (ids.length > 8
      ? `; ${commandLine("list")} names them all`
      : `; there ${ids.length > 0 ? `is ${ids.join(", ")}` : "is none"}`);
  return new InputError(`no ${what} is called ${id.trim() || JSON.stringify(id)}${hint}`);
}

/** @throws InputError that names the id that is near. */
export function known(id: string, ids: string[], what: string): string {
  if (ids.includes(id)) return id;
  throw unknown(id, ids, what);
}

/** @throws InputError that says how to make it, or names the nearest. */
export function publishedId(id: string, published: string[]): string {
  if (Object.hasOwn(RECIPES, id) && !published.includes(id)) {
    throw new InputError(`${id} is not published; ${commandLine("train", id)} makes it`);
  }
  return known(id, published, "checkpoint");
}
