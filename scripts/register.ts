/**
 * register [--late REASON] [ID...]: adds the claims and recipes that are not registered yet, or those
 * named, to fixtures/registered.json; to be committed before what they are about is trained. The reason
 * goes with what is published already and with those named.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CLAIMS } from "../src/claims/claims.ts";
import {
  checkpointsOfEntry,
  currentEntries,
  type Entry,
  REGISTERED,
  unregistered,
} from "../src/claims/registered.ts";
import { counted } from "../src/counted.ts";
import { InputError } from "../src/datasets/storage.ts";
import { publishedIds } from "../src/evaluation/published.ts";
import { writeWhole } from "../src/local/folder.ts";
import { HOME, project } from "../src/local/project.ts";
import { RECIPES } from "../src/recipes.ts";
import { sortedJson } from "../src/sorted-json.ts";
import { isWrongUse } from "./wrong-use.ts";

async function register(ids: string[], late: string | undefined): Promise<void> {
  const published = new Set(await publishedIds(project));
  const open = unregistered(REGISTERED, await currentEntries(RECIPES, CLAIMS));
  const unknown = ids.find((id) => ![...open.recipes, ...open.claims].some((e) => e.id === id));
  if (unknown) throw new InputError(`${unknown} is no claim or recipe that is not yet registered`);
  const known = (entry: Entry) => checkpointsOfEntry(entry).find((id) => published.has(id));
  /** With the reason, where something that an entry is about is published. */
  const added = <T extends Entry>(entries: T[]): T[] =>
    entries
      .filter(({ id }) => ids.length === 0 || ids.includes(id))
      .map((entry) => {
        const there = known(entry);
        if (late && (there || ids.length > 0)) return { ...entry, late };
        if (!there) return entry;
        throw new InputError(
          `${entry.id} comes after ${there} is published; --late "reason" registers it and says so`,
        );
      });
  const [recipes, claims] = [added(open.recipes), added(open.claims)];
  await writeWhole(
    join(HOME, "fixtures", "registered.json"),
    sortedJson({
      recipes: [...REGISTERED.recipes, ...recipes],
      claims: [...REGISTERED.claims, ...claims],
    }),
  );
  console.log(
    `fixtures/registered.json: ${counted(recipes.length, "recipe")} and ${counted(claims.length, "claim")} more; commit it before training`,
  );
}

try {
  const { values, positionals } = parseArgs({
    options: { late: { type: "string" } },
    allowPositionals: true,
  });
  await register(positionals, values.late);
} catch (error) {
  if (!(error instanceof InputError) && !isWrongUse(error)) throw error;
  console.error(`register: ${error.message}`);
  process.exitCode = 2;
}
