/** Evaluations → verdict. Plain data in, plain data out. */
import { type Claim, checkpointsOf, drawsOf, type Rule } from "./claim.ts";
import { type Decision, decide } from "./decide.ts";
import type { Evidence } from "./evidence.ts";
import { compare } from "../fraction.ts";

export type { Evidence } from "./evidence.ts";

export type Status = "reproduced" | "not-reproduced" | "not-evaluated";

export interface Finding extends Decision {
  rule: Rule;
  /** The values' exact numbers in one line. */
  ours: string;
}

/** How many seeds a claim was decided for, and for how many all of its rules hold. */
export interface Seeds {
  holding: number;
  of: number;
  /** Over the seeds, of the first rule on it. */
  spread: { quantity: string; least: string; most: string }[];
}

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

const SPREAD = ["train", "test", "gap", "jump"];

function seedsOf(draws: Finding[][]): Seeds {
  const values = draws.flat().flatMap((finding) => finding.values);
  const spread = SPREAD.flatMap((quantity) => {
    const measured = values
      .filter((value) => value.quantity === quantity)
      .flatMap(({ fraction }) => (fraction ? [fraction] : []))
      .toSorted(compare);
    const [least, most] = [measured[0], measured.at(-1)];
    if (!least || !most || measured.length < 2) return [];
    return [{ quantity, least: least.join("/"), most: most.join("/") }];
  });
  const holding = draws.filter((draw) => draw.every(({ holds }) => holds)).length;
  return { holding, of: draws.length, spread };
}

const ON_HISTORY: Rule["kind"][] = [
  "fits-online",
  "loss-order",
  "time-grows",
  "stopping-gains",
  "unchanged-first",
];

const ON_ANSWERS: Rule["kind"][] = ["better", "agree", "agree-at-chance"];

/** Why a rule cannot be decided, if so. */
function obstacle(rule: Rule, evidence: ReadonlyMap<string, Evidence>): string | undefined {
  for (const id of rule.checkpoints) {
    const found = evidence.get(id);
    if (!found) return `${id} was not evaluated`;
    if (found.result === "not-certified") return `${id} is not certified here`;
    if (ON_HISTORY.includes(rule.kind) && !found.trained)
      return `the history of ${id} does not end where its training does`;
    if (ON_ANSWERS.includes(rule.kind) && !found.answers)
      return `the predictions of ${id} are not at hand`;
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
 * Decides a claim: all of its rules must hold. A count that mismatches or a rule
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
  const mismatched = checkpointsOf(claim).filter((id) => evidence.get(id)?.result === "mismatch");
  const rules = claim.rules.filter((r) => !r.checkpoints.some((id) => mismatched.includes(id)));
  const obstacles = rules.map((rule) => obstacle(rule, evidence));
  const first = rules
    .filter((_, k) => obstacles[k] === undefined)
    .map((rule) => findingOf(rule, evidence));
  const counted = (id: string) => obstacle({ checkpoints: [id] } as never, evidence) === undefined;
  const draws = drawsOf(claim, counted).map((draw) =>
    draw.map((rule) => findingOf(rule, evidence)),
  );
  const findings = [...first, ...draws.flat()];
  const verdict = (status: Status, reason: string): Verdict => ({
    claim: claim.id,
    status,
    reason,
    findings,
    missing,
    ...(draws.length > 0 && { seeds: seedsOf([first, ...draws]) }),
  });
  if (claim.beyondReach) return verdict("not-evaluated", claim.beyondReach.reason);
  if (claim.rules.length === 0) return verdict("not-evaluated", "no rule");
  if (mismatched.length > 0)
    return verdict("not-reproduced", `${mismatched.join(", ")} does not match its fixture`);
  const failed = findings.find(({ holds }) => !holds);
  if (failed) {
    const { rule, ours, wanted } = failed;
    const of = rule.checkpoints.length === 1 ? ` (${rule.checkpoints[0]})` : "";
    return verdict("not-reproduced", `${rule.kind}${of}: ${ours}, wanted ${wanted}`);
  }
  if (missing.length > 0)
    return verdict(
      "not-evaluated",
      `no checkpoint ${missing.join(", ")}; npm run train -- ${missing[0]}`,
    );
  const open = obstacles.find((reason) => reason !== undefined);
  return open ? verdict("not-evaluated", open) : verdict("reproduced", "");
}
