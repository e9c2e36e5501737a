/** What becomes of each claim if all that is published matches: what cards and README say. */
import { CLAIMS, type Claim } from "../claims/claims.ts";
import { judge, type Verdict } from "../claims/judge.ts";
import { evidenceOf } from "../verification/evidence.ts";
import type { Numbers } from "./published-numbers.ts";

/** @param all the numbers of every published checkpoint */
export function verdictsOf(all: Numbers[], claims: readonly Claim[] = CLAIMS): Verdict[] {
  const evidence = new Map(all.map((n) => [n.checkpoint.id, evidenceOf(n, "match")]));
  return claims.map((claim) => judge(claim, evidence));
}
