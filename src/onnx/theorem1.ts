/** Theorem 1's network as a model file: float64 inside, on the raw 3,072 bytes, no crop. */
import { DataType, Graph } from "./graph.ts";
import type { Interpolation } from "../nets/theorem1.ts";

/**
 * The model file for direction a [3072] and interpolation b, w [n].
 * c(x) is clipped to the range of the labels and logit k is −|c(x) − k|,
 * so the prediction is the label nearest to c(x).
 */
export function exportTheorem1(
  a: Float64Array,
  { b, w }: Interpolation,
  metadata: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const g = new Graph();
  const flat = g.op("Reshape", [
    "images",
    g.tensor("flat", [2], BigInt64Array.of(-1n, BigInt(a.length))),
  ]);
  const x = g.op("Cast", [flat], { to: DataType.DOUBLE });
  const z = g.op("MatMul", [x, g.tensor("a", [a.length, 1], a)]);
  const hidden = g.op("Relu", [g.op("Sub", [z, g.tensor("b", [1, b.length], b)])]);
  const c = g.op("MatMul", [hidden, g.tensor("w", [w.length, 1], w)]);
  const low = g.op("Max", [c, g.tensor("lowest", [], Float64Array.of(0))]);
  const clipped = g.op("Min", [low, g.tensor("highest", [], Float64Array.of(9))]);
  const classes = g.tensor(
    "classes",
    [1, 10],
    Float64Array.from({ length: 10 }, (_, k) => k),
  );
  const distance = g.op("Abs", [g.op("Sub", [clipped, classes])]);
  g.op("Cast", [g.op("Neg", [distance])], { to: DataType.FLOAT }, "logits");
  return g.model("theorem1", [3, 32, 32], metadata);
}
