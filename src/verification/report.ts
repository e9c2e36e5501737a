/** What a verification gives, as plain data. */
import type { Verdict } from "../claims/judge.ts";
import type { Split } from "../datasets/cifar10.ts";
import type { Fixture } from "../evaluation/fixture.ts";
import type { Published } from "../evaluation/published.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import type { Sampling, Verification } from "../evaluation/verify.ts";

/** Published counts beside the recomputed ones, and the bytes that they are counts of. */
export interface CheckpointReport extends Verification {
  /** SHA-256 of the files by which the counts and claims were decided. */
  sha256: { model: string; history: string; fixture: string };
  dataset: Fixture["view"]["dataset"];
  published: Record<Split, { correct: number; total: number; shards: number }>;
  gap: Fixture["gap"];
}

/** A checkpoint that was compared with nothing, or with a part alone, which matched. */
export interface Uncompared extends Pick<Verification, "checkpoint" | "runtime"> {
  /** A mismatch if its published files are not what they say; not certified if they cannot be used here. */
  result: "mismatch" | "not-certified";
  /** Which file it is, and what is wrong with it. */
  reason: string;
}

export interface Report {
  runtime: { name: RuntimeName; package: string; version: string };
  /** The origin of the server that says it ran the models: its word, where this is there. */
  server?: string;
  sampling: Sampling;
  /** Whether every published prediction was counted against the labels, whatever was drawn. */
  counted: boolean;
  checkpoints: CheckpointReport[];
  verdicts: Verdict[];
  /** Something ran, and all of it matched. */
  matched: boolean;
  /** It matched, a claim is reproduced, and none failed. */
  passed: boolean;
}

/** A report in which a checkpoint may be one that could not be compared. */
export interface TolerantReport extends Omit<Report, "checkpoints"> {
  checkpoints: (CheckpointReport | Uncompared)[];
}

export function isUncompared(report: CheckpointReport | Uncompared): report is Uncompared {
  return "reason" in report;
}

/** Whether all checkpoints of a report were compared. */
export function isWhole(report: TolerantReport): report is Report {
  return !report.checkpoints.some(isUncompared);
}

/** What `matched` and `passed` say, from the results that they sum up. */
export function outcomeOf({
  checkpoints,
  verdicts,
}: {
  checkpoints: Pick<CheckpointReport, "result">[];
  verdicts: Pick<Verdict, "status">[];
}): Pick<Report, "matched" | "passed"> {
  const statuses = verdicts.map(({ status }) => status);
  const matched = checkpoints.length > 0 && checkpoints.every(({ result }) => result === "match");
  const decided = statuses.includes("reproduced") && !statuses.includes("not-reproduced");
  return { matched, passed: matched && decided };
}

/** The report of a checkpoint that was compared. */
export function checkpointReport(
  {
    checkpoint,
    fixture,
    fixtureSha256,
  }: Pick<Published, "checkpoint" | "fixture" | "fixtureSha256">,
  verification: Verification,
): CheckpointReport {
  const published = (split: Split) => {
    const { correct, total, shards } = fixture.splits[split];
    return { correct, total, shards: shards.length };
  };
  return {
    ...verification,
    sha256: {
      model: fixture.sha256,
      history: checkpoint.history.sha256,
      fixture: fixtureSha256,
    },
    dataset: fixture.view.dataset,
    published: { train: published("train"), test: published("test") },
    gap: fixture.gap,
  };
}
