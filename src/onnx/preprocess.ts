/** Cropping and standardization inside the graph: no integer beyond 31 bits, exact until σ is rounded. */
import { INPUT } from "../nets/net.ts";
import { DataType, type Graph, type Value } from "./graph.ts";

const SIDE = 32;
const PIXELS = INPUT[0] * INPUT[1] * INPUT[2];

/**
 * From `images`, uint8 [N, 3, 32, 32], to the standardized centre, float32
 * [N, 3, 28, 28]: (x − mean) / max(σ, 1/√2352), as the paper has it (Appendix A)
 * and training computes it, to the last bit.
 *
 * Sums are int32, because some runtimes compute int64 in 32 bits and say nothing:
 * S = Σx ≤ 599,760, the integer mean m = ⌊S / 2352⌋, what it leaves r = S − 2352·m < 2352,
 * and D = Σ(x − m)² ≤ 38,237,052. Then 2352²·σ² = 2352·D − r², whatever m is, and
 * nothing cancels: r² is at most 5.5 million, and where D is that small, both are exact.
 * Float64 holds that number exactly; a runtime that computes it in float32 all the same
 * gets σ to within a few units in the last place.
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
  const total = (x: Value) => g.op("ReduceSum", [x, axes], { keepdims: 1 });
  const square = (x: Value) => g.op("Mul", [x, x]);
  const double = (x: Value) => g.op("Cast", [x], { to: DataType.DOUBLE });
  const float = (x: Value) => g.op("Cast", [x], { to: DataType.FLOAT });

  const count = g.tensor("image/count", [], Int32Array.of(PIXELS));
  const x = g.op("Cast", [centre], { to: DataType.INT32 });
  const sum = total(x);
  const integerMean = g.op("Div", [sum, count]);
  const rest = g.op("Sub", [sum, g.op("Mul", [count, integerMean])]);
  const squares = total(square(g.op("Sub", [x, integerMean])));

  const countDouble = g.tensor("image/count-double", [], Float64Array.of(PIXELS));
  const spread = g.op("Sub", [g.op("Mul", [countDouble, double(squares)]), double(square(rest))]);
  const sigma = g.op("Div", [g.op("Sqrt", [spread]), countDouble]);
  const least = g.tensor("image/least-sigma", [], Float64Array.of(1 / Math.sqrt(PIXELS)));
  const countFloat = g.tensor("image/count-float", [], Float32Array.of(PIXELS));
  const mean = g.op("Div", [float(sum), countFloat]);
  return g.op("Div", [g.op("Sub", [float(centre), mean]), float(g.op("Max", [sigma, least]))]);
}
