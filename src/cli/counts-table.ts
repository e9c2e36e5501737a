/** Published counts beside the recomputed ones, a line a checkpoint. */
import type { Split } from "../datasets/cifar10.ts";
import type { CheckpointReport } from "../verification/verify-claims.ts";
import { columns, wrapped } from "./columns.ts";

/** What was recomputed of a split, and what the same shards have as published. */
function recomputed({ splits }: CheckpointReport, split: Split): string {
  const [ours, published, of] = splits[split].reduce(
    ([a, b, n], c) => [a + c.recomputed, b + c.published, n + c.end - c.start],
    [0, 0, 0] as [number, number, number],
  );
  return ours === published ? `${ours}/${of} =` : `${ours} ≠ ${published}`;
}

function row(report: CheckpointReport): string[] {
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

/** `=` says that the recomputed count is the published one of the same shards. */
export function countsTable(checkpoints: CheckpointReport[]): string {
  const remarks = checkpoints.flatMap(({ checkpoint, splits }) =>
    (["train", "test"] as const).flatMap((split) =>
      splits[split]
        .filter(({ reason }) => reason)
        .map(({ start, end, result, reason }) =>
          wrapped(`${checkpoint} ${split} ${start} to ${end}: ${result}: ${reason}`),
        ),
    ),
  );
  return [columns([HEAD, ...checkpoints.map(row)]), ...remarks].join("\n");
}
