/** Published counts beside the recomputed ones, a line a checkpoint. */
import { SPLITS, type Split } from "../datasets/cifar10.ts";
import {
  type CheckpointReport,
  isUncompared,
  type TolerantReport,
  type Uncompared,
} from "../verification/report.ts";
import { columns, wrapped } from "./columns.ts";

/** What was recomputed of a split, and what the same shards have as published. */
function recomputed({ splits }: CheckpointReport, split: Split): string {
  const [ours, published, of] = splits[split].reduce(
    ([a, b, n], c) => [a + c.recomputed, b + c.published, n + c.end - c.start],
    [0, 0, 0] as [number, number, number],
  );
  return ours === published ? `${ours}/${of} =` : `${ours} ≠ ${published}`;
}

function row(report: CheckpointReport | Uncompared): string[] {
  if (isUncompared(report)) return [report.checkpoint, "", "", "", "", "", "", report.result];
  const { checkpoint, published, gap, result } = report;
  return [
    checkpoint,
    `${published.train.correct}/${published.train.total}`,
    `${published.test.correct}/${published.test.total}`,
    `${gap.numerator}/${gap.denominator}`,
    gap.decimal,
    recomputed(report, "train"),
    recomputed(report, "test"),
    result,
  ];
}

const HEAD = ["checkpoint", "train", "test", "gap", "", "train again", "test again", "result"];

/** Why a checkpoint does not match, a text a shard. */
export function remarksOn(report: CheckpointReport | Uncompared): string[] {
  const { checkpoint } = report;
  if (isUncompared(report)) return [`${checkpoint}: ${report.result}: ${report.reason}`];
  return SPLITS.flatMap((split) =>
    report.splits[split]
      .filter(({ reason }) => reason)
      .map(
        ({ start, end, result, reason }) =>
          `${checkpoint} ${split} ${start} to ${end}: ${result}: ${reason}`,
      ),
  );
}

/** `=` says that the recomputed count is the published one of the same shards. */
export function countsTable(checkpoints: TolerantReport["checkpoints"]): string {
  if (checkpoints.length === 0) return "no checkpoint was recomputed";
  const remarks = checkpoints.flatMap(remarksOn).map((remark) => wrapped(remark));
  return [columns([HEAD, ...checkpoints.map(row)]), ...remarks].join("\n");
}
