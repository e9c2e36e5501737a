/** Evaluations → verdict. Plain data in, plain data out. */
import { chanceInterval } from "./binomial.ts";
import type { Claim, Rule } from "./claims.ts";

interface Count {
  correct: number;
  total: number;
}

/** What a claim sees of a checkpoint: its counts, and how recomputing them ended. */
export interface Evidence {
  parameters: number;
  train: Count;
  test: Count;
  result: "match" | "mismatch" | "not-certified";
}

export type Status = "reproduced" | "not-reproduced" | "not-evaluated";

export interface Finding {
  rule: Rule;
  holds: boolean;
  ours: string;
  wanted: string;
}

export interface Verdict {
  claim: string;
  status: Status;
  reason: string;
  findings: Finding[];
}

const ALPHA = 1 / 1000;

function decide(rule: Rule, { parameters, train, test }: Evidence): Finding {
  switch (rule.kind) {
    case "fits": {
      const [a, b] = rule.atLeast;
      const holds = train.total > 0 && train.correct * b >= a * train.total;
      return { rule, holds, ours: `${train.correct}/${train.total}`, wanted: `≥ ${a}/${b}` };
    }
    case "at-chance": {
      const { low, high } = chanceInterval(test.total, 1 / 10, ALPHA);
      const holds = test.total > 0 && low <= test.correct && test.correct <= high;
      return { rule, holds, ours: `${test.correct}/${test.total}`, wanted: `${low} to ${high}` };
    }
    case "weights":
      return {
        rule,
        holds: parameters === rule.equals,
        ours: `${parameters}`,
        wanted: `${rule.equals}`,
      };
    default:
      throw rule satisfies never;
  }
}

/**
 * Decides a claim. It is not evaluated where evidence is missing or not
 * certified, and not reproduced where a count mismatched or a rule fails.
 */
export function judge(claim: Claim, evidence: ReadonlyMap<string, Evidence>): Verdict {
  const verdict = (status: Status, reason: string, findings: Finding[] = []): Verdict => ({
    claim: claim.id,
    status,
    reason,
    findings,
  });
  if (claim.rules.length === 0) return verdict("not-evaluated", "no rule");
  const findings: Finding[] = [];
  for (const rule of claim.rules) {
    const found = evidence.get(rule.checkpoint);
    if (!found) return verdict("not-evaluated", `${rule.checkpoint} was not evaluated`);
    if (found.result === "mismatch")
      return verdict("not-reproduced", `${rule.checkpoint} does not match its fixture`);
    if (found.result === "not-certified")
      return verdict("not-evaluated", `${rule.checkpoint} is not certified here`);
    findings.push(decide(rule, found));
  }
  const failed = findings.find((finding) => !finding.holds);
  return failed
    ? verdict(
        "not-reproduced",
        `${failed.rule.kind}: ${failed.ours}, wanted ${failed.wanted}`,
        findings,
      )
    : verdict("reproduced", "", findings);
}
