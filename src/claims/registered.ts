/** What was registered before it was known: fixtures/registered.json, and the forms that it has digests of. */
import * as v from "valibot";
import json from "../../fixtures/registered.json" with { type: "json" };
import { canonicalDigest, type Recipe } from "../recipe.ts";
import { type Claim, checkpointsOf } from "./claim.ts";

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const entry = {
  id: v.string(),
  /** Of the canonical form. */
  sha256: Sha256,
  /** Why it was not registered before the first model that it is about. */
  late: v.optional(v.pipe(v.string(), v.nonEmpty())),
};

export const RegisteredSchema = v.strictObject({
  recipes: v.array(v.strictObject(entry)),
  claims: v.array(v.strictObject({ ...entry, checkpoints: v.array(v.string()) })),
});

export type Registered = v.InferOutput<typeof RegisteredSchema>;
export type Entry = Registered["recipes"][number];

/** In the order in which they were registered; of an id, the last entry is in force. */
export const REGISTERED: Registered = v.parse(RegisteredSchema, json);

/** What is registered of a claim: what it says and by which bounds, and no numbers of anyone's. */
function registeredForm({ id, statement, rules }: Claim) {
  return {
    id,
    statement,
    rules: rules.map(({ paper: _, reproduction: __, ...rule }) => rule),
  };
}

/** The entries of what there is now, each without `late`. */
export async function currentEntries(
  recipes: Record<string, Recipe>,
  claims: Claim[],
): Promise<Registered> {
  return {
    recipes: await Promise.all(
      Object.entries(recipes).map(async ([id, recipe]) => ({
        id,
        sha256: await canonicalDigest(recipe),
      })),
    ),
    claims: await Promise.all(
      claims.map(async (claim) => ({
        id: claim.id,
        sha256: await canonicalDigest(registeredForm(claim)),
        checkpoints: checkpointsOf(claim),
      })),
    ),
  };
}

/** The entry in force of an id. */
export function entryOf<T extends Entry>(entries: T[], id: string): T | undefined {
  return entries.findLast((entry) => entry.id === id);
}

/** Why a claim was registered late, if it was. */
export function lateReason(claim: string): string | undefined {
  return entryOf(REGISTERED.claims, claim)?.late;
}

/** What an entry says, in a line, but for whether it is late. */
export function sayingOf(entry: Entry): string {
  return [entry.id, entry.sha256, ...checkpointsOfEntry(entry)].join(" ");
}

/** Those of `current` that are not registered in this form. */
export function unregistered(registered: Registered, current: Registered): Registered {
  const open = <T extends Entry>(entries: T[], known: T[]) =>
    entries.filter((entry) => {
      const inForce = entryOf(known, entry.id);
      return !inForce || sayingOf(inForce) !== sayingOf(entry);
    });
  return {
    recipes: open(current.recipes, registered.recipes),
    claims: open(current.claims, registered.claims),
  };
}

/** The checkpoints that an entry is about. */
export function checkpointsOfEntry(entry: Entry | Registered["claims"][number]): string[] {
  return "checkpoints" in entry ? entry.checkpoints : [entry.id];
}
