/** The checkpoints that claims are decided by. */
import type { Claim } from "../../claims/claim.ts";
import { bearingOn } from "../../claims/seeds.ts";
import { knownIds, mayBe } from "../../evaluation/published.ts";
import type { Service } from "../service.ts";

/**
 * Those that bear on claims and of which any file is published: one that has lost a file must fail,
 * and not be left out silently.
 */
export async function knownFor({ project }: Service, claims: Claim[]): Promise<string[]> {
  const may = claims.flatMap((claim) => bearingOn(claim, (id) => mayBe(project, id)));
  return await knownIds({ ...project, ids: [...new Set(may)] }); // no other is looked for
}
