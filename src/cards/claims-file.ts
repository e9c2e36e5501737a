/** fixtures/claims.json: every claim and what decides it, for whoever decides it without this code. */
import { CLAIMS, type Rule } from "../claims/claims.ts";
import type { Verdict } from "../claims/judge.ts";
import { lateReason } from "../claims/registered.ts";
import { sortedJson } from "../sorted-json.ts";

/** A rule with its bounds and, where it could be decided, what was measured and whether it holds. */
function decided(rule: Rule, verdict: Verdict) {
  const finding = verdict.findings.find((found) => found.rule === rule);
  if (!finding) return rule;
  const [paired] = finding.values.flatMap((value) => value.paired ?? []);
  return {
    ...rule,
    holds: finding.holds,
    ours: finding.values.map(({ ours }) => ours),
    ...(paired && { paired }),
  };
}

/** @param verdicts of every claim, if all that is published matches */
export function claimsFile(verdicts: Verdict[]): string {
  const claims = CLAIMS.map((claim) => {
    const verdict = verdicts.find((v) => v.claim === claim.id) as Verdict;
    const { status, reason } = verdict;
    return {
      ...claim,
      // Those of further seeds follow the claim's own.
      rules: [
        ...claim.rules,
        ...verdict.findings.map(({ rule }) => rule).filter((rule) => !claim.rules.includes(rule)),
      ].map((rule) => decided(rule, verdict)),
      ...(verdict.seeds && { seeds: verdict.seeds }),
      ...(lateReason(claim.id) && { late: lateReason(claim.id) }),
      status,
      ...(reason && { reason }),
    };
  });
  return sortedJson({ claims });
}
