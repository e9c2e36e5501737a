/** Evaluations → verdict. Plain data in, plain data out. */
import { type Claim, checkpointsOf, type Rule } from "./claim.ts";
import { counted } from "./curve.ts";
import { decide } from "./decide.ts";
import type { Evidence } from "./evidence.ts";
import type { Finding } from "./values.ts";
import { bearingOn, drawsOf, type Seeds, seedsOf } from "./seeds.ts";

export type { Evidence } from "./evidence.ts";
export type { Finding } from "./values.ts";

export type Status = "reproduced" | "not-reproduced" | "not-evaluated";

export interface Verdict {
  claim: string;
  status: Status;
  /** Why it is not reproduced or not evaluated, for a person; empty if reproduced. */
  reason: string;
  /** Of the rules that could be decided. */
  findings: Finding[];
  /** Checkpoints that the claim needs and that do not exist. */
  missing: string[];
  /** Where more than one seed was evaluated. */
  seeds?: Seeds;
}

const ON_HISTORY: Rule["kind"][] = [
  "fits-online",
  "loss-order",
  "time-grows",
  "stopping-gains",
  "unchanged-first",
];

/** By kind: the hits that must have been counted along the way. */
const ON_HITS: Partial<Record<Rule["kind"], Parameters<typeof counted>[1][]>> = {
  "stopping-gains": ["test"],
  "unchanged-first": ["unchanged", "changed"],
};

const ON_ANSWERS: Rule["kind"][] = ["better", "agree", "agree-at-chance"];

/** Why a rule cannot be decided, if so. */
function obstacle(rule: Rule, evidence: ReadonlyMap<string, Evidence>): string | undefined {
  for (const id of rule.checkpoints) {
    const found = evidence.get(id);
    if (!found) return `${id} was not evaluated`;
    if (found.result === "not-certified") return `${id} is not certified here`;
    if (ON_HISTORY.includes(rule.kind) && found.history.length === 0)
      return `${id} has no history: it was made elsewhere`;
    if (ON_HISTORY.includes(rule.kind) && !found.trained)
      return `the history of ${id} does not end where its training does`;
    if (ON_HITS[rule.kind]?.some((which) => !counted(found.history, which)))
      return `the hits of ${id} were not counted after each epoch`;
    if (ON_ANSWERS.includes(rule.kind) && !found.answers)
      return `the predictions of ${id} are not at hand`;
    if (rule.kind === "confidently-wrong" && found.confidentMisses === undefined)
      return `how confidently ${id} errs was not counted`;
    if (rule.kind === "norm-grows" && found.norm === undefined)
      return `the norm of ${id} was not computed`;
  }
  return undefined;
}

function findingOf(rule: Rule, evidence: ReadonlyMap<string, Evidence>): Finding {
  const found = rule.checkpoints.map((id) => evidence.get(id) as Evidence);
  const decision = decide(rule, found);
  const counted = found.every(({ train, test }) => train.total > 0 && test.total > 0);
  return {
    rule,
    ...decision,
    holds: decision.holds && counted, // nothing counted is never a pass
    ours: decision.values.map(({ ours }) => ours).join(", "),
  };
}

/**
 * Decides a claim: all of its rules must hold, for every seed that was evaluated. A count that mismatches or a rule
 * that fails makes it not reproduced, whatever else is missing; otherwise a rule
 * that lacks evidence leaves it not evaluated.
 * @param published ids that have a checkpoint, whether or not it was evaluated
 */
export function judge(
  claim: Claim,
  evidence: ReadonlyMap<string, Evidence>,
  published: ReadonlySet<string> = new Set(evidence.keys()),
): Verdict {
  const missing = checkpointsOf(claim).filter((id) => !published.has(id) && !evidence.has(id));
  const there = (id: string) => evidence.has(id);
  const mismatched = bearingOn(claim, there).filter(
    (id) => evidence.get(id)?.result === "mismatch",
  );
  const draws = [claim.rules, ...drawsOf(claim, there)].map((rules) =>
    rules
      .filter((rule) => !rule.checkpoints.some((id) => mismatched.includes(id)))
      .map((rule) => {
        const lacks = obstacle(rule, evidence);
        return lacks === undefined ? { finding: findingOf(rule, evidence) } : { lacks };
      }),
  );
  const found = draws.map((draw) => draw.flatMap(({ finding }) => finding ?? []));
  const findings = found.flat();
  const verdict = (status: Status, reason: string): Verdict => ({
    claim: claim.id,
    status,
    reason,
    findings,
    missing,
    ...(draws.length > 1 && { seeds: seedsOf(found) }),
  });
  if (claim.beyondReach) return verdict("not-evaluated", claim.beyondReach.reason);
  if (claim.rules.length === 0) return verdict("not-evaluated", "no rule");
  if (mismatched.length > 0)
    return verdict("not-reproduced", `${mismatched.join(", ")} does not match its fixture`);
  const failed = findings.find(({ holds }) => !holds);
  if (failed) {
    const { rule, ours, wanted } = failed;
    const of = rule.checkpoints.length <= 2 ? ` (${rule.checkpoints.join(", ")})` : "";
    return verdict("not-reproduced", `${rule.kind}${of}: ${ours}, wanted ${wanted}`);
  }
  if (missing.length > 0) return verdict("not-evaluated", `no checkpoint ${missing.join(", ")}`);
  const open = draws.flat().find(({ lacks }) => lacks !== undefined)?.lacks;
  return open ? verdict("not-evaluated", open) : verdict("reproduced", "");
}
