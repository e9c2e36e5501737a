/** What the pages show, read once: the published numbers, and what becomes of the claims. */
import type { Numbers } from "../cards/published-numbers.ts";
import { verdictsOf } from "../cards/verdicts.ts";
import type { Evidence } from "../claims/evidence.ts";
import type { Verdict } from "../claims/judge.ts";
import { evidenceOf } from "../verification/evidence.ts";

export interface Site {
  /** Of every published checkpoint, by id. */
  numbers: ReadonlyMap<string, Numbers>;
  /** What claims see of them where all that is published matches. */
  evidence: ReadonlyMap<string, Evidence>;
  /** By claim. */
  verdicts: ReadonlyMap<string, Verdict>;
}

export function siteOf(all: Numbers[]): Site {
  return {
    numbers: new Map(all.map((numbers) => [numbers.checkpoint.id, numbers])),
    evidence: new Map(all.map((n) => [n.checkpoint.id, evidenceOf(n, "match")])),
    verdicts: new Map(verdictsOf(all).map((verdict) => [verdict.claim, verdict])),
  };
}
