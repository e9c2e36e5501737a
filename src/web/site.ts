/** What the pages show, read once: the published numbers, and what becomes of the claims. */
import type { Numbers } from "../cards/published-numbers.ts";
import { verdictsOf } from "../cards/verdicts.ts";
import { CLAIMS, type Claim } from "../claims/claims.ts";
import type { Evidence } from "../claims/evidence.ts";
import type { Verdict } from "../claims/judge.ts";
import { evidenceOf } from "../verification/evidence.ts";

export interface Site {
  /** Of every published checkpoint, by id. */
  numbers: ReadonlyMap<string, Numbers>;
  /** What claims see of them where all that is published matches. */
  evidence: ReadonlyMap<string, Evidence>;
  /** In the order of their groups. */
  claims: readonly Claim[];
  /** Whether they are somebody else's than the paper's: then there are no figures, and no audit. */
  pack: boolean;
  /** By claim. */
  verdicts: ReadonlyMap<string, Verdict>;
}

/** @param own the claims of a pack; left out, they are the paper's */
export function siteOf(all: Numbers[], own?: readonly Claim[]): Site {
  const claims = own ?? CLAIMS;
  return {
    claims,
    pack: own !== undefined,
    numbers: new Map(all.map((numbers) => [numbers.checkpoint.id, numbers])),
    evidence: new Map(all.map((n) => [n.checkpoint.id, evidenceOf(n, "match")])),
    verdicts: new Map(verdictsOf(all, claims).map((verdict) => [verdict.claim, verdict])),
  };
}
