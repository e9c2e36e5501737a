/** A run as test cases: what JUnit, Markdown and GitHub show is made of these, so that all agree. */
import type { RunRecord } from "../../verification/record.ts";
import { remarksOn } from "../counts-table.ts";

export type Outcome = "passed" | "failed" | "skipped" | "error";

export interface Case {
  /** The claim's group, or "Checkpoints". */
  suite: string;
  name: string;
  outcome: Outcome;
  /** Why it did not pass; of one that passed in spite of its status, that it was expected. */
  reason: string;
  /** The numbers, a line each. */
  details: string[];
}

function checkpointCases({ checkpoints }: RunRecord): Case[] {
  return checkpoints.map((report) => {
    const { checkpoint, result } = report;
    const details = remarksOn(report);
    const outcome = result === "match" ? "passed" : "failed";
    return { suite: "Checkpoints", name: checkpoint, outcome, reason: details[0] ?? "", details };
  });
}

function claimCases({ claims, verdicts, expected }: RunRecord): Case[] {
  return claims.flatMap(({ id, group }) => {
    const verdict = verdicts.find(({ claim }) => claim === id);
    if (!verdict) return [];
    const { status, reason, findings } = verdict;
    const details = findings.map(
      ({ rule, holds, ours, wanted }) =>
        `${holds ? "holds" : "fails"}: ${rule.kind} (${rule.checkpoints.join(", ")}): ${ours}, wanted ${wanted}`,
    );
    const one = (outcome: Outcome, why: string): Case[] => [
      { suite: group, name: id, outcome, reason: why, details },
    ];
    if (status === "reproduced") return one("passed", "");
    if (status === "not-evaluated") return one("skipped", reason);
    const known = expected?.statuses[id] === status;
    return known ? one("passed", `not reproduced, as expected: ${reason}`) : one("failed", reason);
  });
}

/** The run as a whole: there is always one case at least. */
function runCase({ error, exitCode, expected, checkpoints, part }: RunRecord): Case {
  const run = { suite: "Run", name: "verify", details: [] };
  if (error !== undefined) return { ...run, outcome: "error", reason: error };
  const differences = expected?.differences ?? [];
  if (differences.length > 0) {
    const reason = `${differences.length} differences from what was expected: ${differences[0]}`;
    return { ...run, outcome: "failed", reason, details: differences };
  }
  if (checkpoints.length === 0) {
    const outcome = part ? "skipped" : "error";
    return {
      ...run,
      outcome,
      reason: part ? "no work is left for this part" : "nothing was evaluated",
    };
  }
  return { ...run, outcome: "passed", reason: `exit code ${exitCode}` };
}

export function casesOf(record: RunRecord): Case[] {
  return [runCase(record), ...checkpointCases(record), ...claimCases(record)];
}
