/** Cropping and standardization inside the graph, exact until the last division. */
import { INPUT } from "../nets/net.ts";
import { DataType, type Graph, type Value } from "./graph.ts";

const SIDE = 32;
const PIXELS = INPUT[0] * INPUT[1] * INPUT[2];

/**
 * From `images`, uint8 [N, 3, 32, 32], to the standardized centre, float32
 * [N, 3, 28, 28]: (x − mean) / max(σ, 1/√2352), where Σx and Σx² are int64,
 * σ² = (2352 · Σx² − (Σx)²) / 2352², and mean and σ are rounded to float32 once.
 */
export function preprocess(g: Graph): Value {
  const from = BigInt((SIDE - INPUT[0]) / 2);
  const to = from + BigInt(INPUT[0]);
  const centre = g.op("Slice", [
    "images",
    g.tensor("crop/from", [2], BigInt64Array.of(from, from)),
    g.tensor("crop/to", [2], BigInt64Array.of(to, to)),
    g.tensor("crop/axes", [2], BigInt64Array.of(2n, 3n)),
  ]);
  const axes = g.tensor("image/axes", [3], BigInt64Array.of(1n, 2n, 3n));
  const count = g.tensor("image/count", [], BigInt64Array.of(BigInt(PIXELS)));
  const countDouble = g.tensor("image/count-double", [], Float64Array.of(PIXELS));
  const x = g.op("Cast", [centre], { to: DataType.INT64 });
  const sum = g.op("ReduceSum", [x, axes], { keepdims: 1 });
  const squares = g.op("ReduceSum", [g.op("Mul", [x, x]), axes], { keepdims: 1 });
  const spread = g.op("Sub", [g.op("Mul", [count, squares]), g.op("Mul", [sum, sum])]);

  const double = (value: Value) => g.op("Cast", [value], { to: DataType.DOUBLE });
  const float = (value: Value) => g.op("Cast", [value], { to: DataType.FLOAT });
  const mean = float(g.op("Div", [double(sum), countDouble]));
  const sigma = g.op("Div", [g.op("Sqrt", [double(spread)]), countDouble]);
  const least = g.tensor("image/least-sigma", [], Float64Array.of(1 / Math.sqrt(PIXELS)));
  return g.op("Div", [g.op("Sub", [float(centre), mean]), float(g.op("Max", [sigma, least]))]);
}
