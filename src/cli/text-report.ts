/** A run for a person: counts, claims by table and figure, and the outcome in two lines. */
import type { Claim } from "../claims/claim.ts";
import { counted } from "../counted.ts";
import { SPLITS } from "../datasets/cifar10.ts";
import type { RunRecord } from "../verification/record.ts";
import { isUncompared } from "../verification/report.ts";
import { claimsTable, summary } from "./claims-table.ts";
import { countsTable } from "./counts-table.ts";

/** "2 shards a split drawn with --seed 7"; a split that has fewer gives all of its own. */
function drawnText({ sampling, checkpoints }: RunRecord): string {
  const { shards = "all", seed } = sampling ?? {};
  if (shards === "all") return "every shard";
  const fewer = checkpoints.some(
    (report) =>
      !isUncompared(report) && SPLITS.some((split) => report.splits[split].length < shards),
  );
  return `${fewer ? "at most " : ""}${counted(shards, "shard")} a split drawn with --seed ${seed}`;
}

/** What ran, how it sampled, and whether all matched. */
function outcomeText(record: RunRecord): string {
  const { runtime, sampling, server, matched, error } = record;
  if (!runtime || !sampling) return "";
  const at = server === undefined ? "" : ` at ${server}, by its word`;
  const outcome = matched ? "all that ran matched" : "NOT all matched";
  const ended = error === undefined ? outcome : `${outcome}, and it did not come to its end`;
  return `${runtime.package} ${runtime.version}${at}, ${drawnText(record)}: ${ended}${leftOutText(record)}`;
}

/** Of a run of everything, what it did not take: it says so. */
function leftOutText({ asked }: RunRecord): string {
  const count = asked?.all ? asked.published.length - asked.checkpoints.length : 0;
  if (count === 0) return "";
  return `\nseed 0 alone: --full takes the ${counted(count, "checkpoint")} of further seeds, too`;
}

/** Who answered, of a queue: "by 2 workers: one (8 shards), two (4 shards)" */
function workersText({ workers = [] }: RunRecord): string {
  if (workers.length === 0) return "";
  const shares = workers.map(({ worker, shards }) => {
    const count = Object.values(shards).reduce((a, b) => a + b, 0);
    return `${worker} (${counted(count, "shard")})`;
  });
  return `\nby ${counted(shares.length, "worker")}: ${shares.join(", ")}`;
}

/** The last lines of a run. */
export function summaryText(record: RunRecord): string {
  const { verdicts, claims, part } = record;
  const decided = part
    ? `part ${part.part} of ${part.of}: rethink merge decides ${counted(claims.length, "claim")} once all are there`
    : `${counted(verdicts.length, "claim")}: ${summary(verdicts)}`;
  return `${outcomeText(record)}${workersText(record)}\n${decided}`;
}

/** @param claims those that the verdicts are of */
export function textReport(record: RunRecord, claims: Claim[]): string {
  const counts = countsTable(record.checkpoints);
  const decided = record.part ? "" : `${claimsTable(claims, record.verdicts)}\n`;
  return `${counts}\n${decided}\n${summaryText(record)}`;
}
