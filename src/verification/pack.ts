/**
 * A pack: a folder of claims.json, fixtures/ and models/. The paper's is the default one; its claims
 * are those that its file is generated from, so that whoever has no folder has them as well.
 */
import { CLAIMS, type Claim, type Rule } from "../claims/claims.ts";
import { ClaimsFileSchema, claimsOf } from "../claims/claims-schema.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { parseAs } from "../evaluation/parse.ts";
import { knownIds, type Project } from "../evaluation/published.ts";

export interface Pack extends Project {
  /** Where its claims are written, and what they are; of the paper's pack left out. */
  claims?: { file: string; all: readonly Claim[] };
}

/** Where the paper's claims are written, with what became of them. */
export const CLAIMS_FILE = "fixtures/claims.json";

/** The claims of a pack. */
export function claimsIn({ claims }: Pack): readonly Claim[] {
  return claims?.all ?? CLAIMS;
}

/**
 * Reads somebody's pack.
 * @throws InputError where it has no claims, or they are no claims, with what is wrong
 */
export async function readPack(files: Storage): Promise<Pack> {
  const file = (await files.exists("claims.json")) ? "claims.json" : CLAIMS_FILE;
  if (!(await files.exists(file)))
    throw new InputError("the pack has no claims.json; fixtures/README.md tells what is in one");
  const text = new TextDecoder().decode(await files.read(file));
  const said = parseAs(ClaimsFileSchema, text, file, "its format is in fixtures/README.md");
  const rules = said.claims.flatMap((claim) => claim.rules as Rule[]);
  const ids = [...new Set(rules.flatMap(({ checkpoints }) => checkpoints))];
  const known = await knownIds({ ...files, ids });
  return { ...files, ids, claims: { file, all: claimsOf(said, (id) => known.includes(id)) } };
}
