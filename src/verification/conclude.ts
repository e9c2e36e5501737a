/** Decides the claims from what was found of each checkpoint. */
import type { Claim } from "../claims/claim.ts";
import { type Evidence, judge } from "../claims/judge.ts";
import { outcomeOf, type TolerantReport } from "./report.ts";

/** What is known of the checkpoints that were recomputed. */
export interface Found {
  checkpoints: TolerantReport["checkpoints"];
  evidence: Map<string, Evidence>;
}

/** What was asked for, as far as the claims are decided by it. */
export interface Asked {
  claims: Claim[];
  /** Every id that is published, whether or not it was to be recomputed. */
  published: string[];
  /** Whether this is a part of a run: its claims are decided once all parts are there. */
  part: boolean;
}

export function conclude(
  { claims, published, part }: Asked,
  { checkpoints, evidence }: Found,
): Pick<TolerantReport, "checkpoints" | "verdicts" | "matched" | "passed"> {
  const existing = new Set(published);
  const verdicts = part ? [] : claims.map((claim) => judge(claim, evidence, existing));
  return { checkpoints, verdicts, ...outcomeOf({ checkpoints, verdicts }) };
}
