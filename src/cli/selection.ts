/** Which claims and checkpoints the options of `verify` choose: by id, by group, or by a pattern of ids. */
import type { Claim } from "../claims/claim.ts";
import { bearingOn, isFurtherSeed } from "../claims/seeds.ts";
import { InputError } from "../datasets/storage.ts";
import { publishedId, unknown } from "../local/project.ts";

export interface Selection {
  claims: Claim[];
  checkpoints: string[];
}

/** Whether `*` and `?` in it stand for other letters. */
function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}

/** The ids that a pattern matches: `*` is any letters, `?` any one. */
function matching(pattern: string, ids: string[]): string[] {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return ids.filter((id) => new RegExp(`^${source}$`).test(id));
}

/** @throws InputError if a pattern matches none */
function expanded(pattern: string, ids: string[], what: string): string[] {
  const found = matching(pattern, ids);
  if (found.length === 0) throw new InputError(`no ${what} is called like ${pattern}`);
  return found;
}

/** "Table 1" for "table 1" and "table-1". */
function plain(group: string): string {
  return group.toLowerCase().replace(/[\s_]+/g, "-");
}

function claimIds(name: string, claims: readonly Claim[]): string[] {
  const ids = claims.map(({ id }) => id);
  if (ids.includes(name)) return [name];
  const group = claims.filter((claim) => plain(claim.group) === plain(name));
  if (group.length > 0) return group.map(({ id }) => id);
  if (isPattern(name)) return expanded(name, ids, "claim");
  throw unknown(name, [...ids, ...new Set(claims.map((claim) => claim.group))], "claim");
}

function checkpointIds(name: string, published: string[]): string[] {
  return isPattern(name) ? expanded(name, published, "checkpoint") : [publishedId(name, published)];
}

/**
 * The claims and checkpoints that are named: all that bear on each other, further seeds included.
 * Where none is, everything of seed 0, and with `full` everything.
 * @throws InputError if a name is none
 */
export function select(
  names: { claim?: string[] | undefined; checkpoint?: string[] | undefined; full?: boolean },
  all: readonly Claim[],
  published: string[],
): Selection {
  const claimed = names.claim?.flatMap((name) => claimIds(name, all));
  const named = names.checkpoint?.flatMap((name) => checkpointIds(name, published));
  const bearing = (claim: Claim) => bearingOn(claim, (id) => published.includes(id));
  const claims = all.filter((claim) =>
    claimed
      ? claimed.includes(claim.id)
      : !named || bearing(claim).some((id) => named.includes(id)),
  );
  if (!named && !claimed)
    return { claims, checkpoints: published.filter((id) => names.full || !isFurtherSeed(id)) };
  const needed = claims.flatMap(bearing);
  const checkpoints = published.filter(
    (id) => (!named || named.includes(id)) && (!claimed || needed.includes(id)),
  );
  return { claims, checkpoints };
}
