/** The paper's numbers, and an independent reproduction's, as fixtures/paper.json holds them. */
import paper from "../../fixtures/paper.json" with { type: "json" };

import { secondOf } from "../regularizers.ts";

export { paper };

type Row = (typeof paper.table1.rows)[number];

/** The id of the checkpoint that stands for a row of Table 1. */
export function checkpointOf({ net, labels, crop, weightDecay }: Row): string {
  const data = labels === "random" ? "random-labels" : "true";
  const regularizers = [...(crop ? ["crop"] : []), ...(weightDecay ? ["wd"] : [])].join("-");
  return [net, data, ...(regularizers ? [regularizers] : [])].join(".");
}

/** The id of the checkpoint that stands for a row by its second recipe, if it has one. */
export function secondCheckpointOf(
  row: Pick<Row, "net" | "labels" | "crop" | "weightDecay">,
): string | undefined {
  const [net, data, name = ""] = checkpointOf(row as Row).split(".") as [string, string, string?];
  const second = secondOf(net, name);
  return second && [net, data, second].join(".");
}

/** The row of Table 1 that a checkpoint stands for. */
export function rowOf(checkpoint: string): Row | undefined {
  return paper.table1.rows.find((row) => checkpointOf(row) === checkpoint);
}

/** The test accuracy, in percent, that the independent reproduction got for a row of Table 1. */
export function reproductionOf({ net, labels, crop, weightDecay }: Row): number | undefined {
  const accuracies: Record<string, Record<string, number>> = paper.reproduction.testAccuracy;
  const regularizers = [...(crop ? ["crop"] : []), ...(weightDecay ? ["wd"] : [])].join("+");
  return accuracies[net]?.[labels === "random" ? "random" : regularizers || "none"];
}

/** The nets of Table 1, in its order. */
export const NETS = [...new Set(paper.table1.rows.map(({ net }) => net))];

/**
 * A row of Table 1.
 * @throws RangeError if the table has none for the checkpoint.
 */
export function table1Row(checkpoint: string): Row {
  const row = rowOf(checkpoint);
  if (!row) throw new RangeError(`Table 1 has no row for ${checkpoint}`);
  return row;
}
