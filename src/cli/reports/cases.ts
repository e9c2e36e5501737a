/** A run as test cases: what JUnit, Markdown and GitHub show is made of these, so that all agree. */
import { SPLITS } from "../../datasets/cifar10.ts";
import type { RunRecord } from "../../verification/record.ts";
import { type CheckpointReport, isUncompared } from "../../verification/report.ts";
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

/** Published and recomputed counts, a line a split. */
function countsOf({ splits, published }: CheckpointReport): string[] {
  return SPLITS.map((split) => {
    const sum = (of: (shard: (typeof splits)["train"][number]) => number) =>
      splits[split].reduce((total, shard) => total + of(shard), 0);
    const [ours, theirs, examples] = [
      sum((shard) => shard.recomputed),
      sum((shard) => shard.published),
      sum(({ start, end }) => end - start),
    ];
    const { correct, total } = published[split];
    return `${split}: ${correct}/${total} published; of ${examples} recomputed ${ours}, published ${theirs}`;
  });
}

function checkpointCases({ checkpoints }: RunRecord): Case[] {
  return checkpoints.map((report) => {
    const { checkpoint, result } = report;
    const remarks = remarksOn(report);
    const details = [...remarks, ...(isUncompared(report) ? [] : countsOf(report))];
    const outcome = result === "match" ? "passed" : "failed";
    return { suite: "Checkpoints", name: checkpoint, outcome, reason: remarks[0] ?? "", details };
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
  return { ...run, outcome: "passed", reason: `it came to its end, with exit code ${exitCode}` };
}

export function casesOf(record: RunRecord): Case[] {
  return [runCase(record), ...checkpointCases(record), ...claimCases(record)];
}
