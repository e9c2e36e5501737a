/** Cropping and standardization inside the graph, in int32 and float32 alone, to the last bit of training's. */
import { INPUT } from "../nets/net.ts";
import { DataType, type Graph, type Value } from "./graph.ts";

const SIDE = 32;
const PIXELS = INPUT[0] * INPUT[1] * INPUT[2];

/** The operators that the arithmetic below is made of, and its constants. */
function arithmetic(g: Graph) {
  const binary = (opType: string) => (a: Value, b: Value) => g.op(opType, [a, b]);
  return {
    plus: binary("Add"),
    minus: binary("Sub"),
    times: binary("Mul"),
    over: binary("Div"),
    atLeast: binary("Max"),
    root: (x: Value) => g.op("Sqrt", [x]),
    floor: (x: Value) => g.op("Floor", [x]),
    float: (x: Value) => g.op("Cast", [x], { to: DataType.FLOAT }),
    integer: (x: Value) => g.op("Cast", [x], { to: DataType.INT32 }),
    integers: (name: string, value: number) => g.tensor(name, [], Int32Array.of(value)),
    floats: (name: string, value: number) => g.tensor(name, [], Float32Array.of(value)),
  };
}

/**
 * σ of n = 2352 values, rounded to float32 once, out of int32 and float32.
 * With W = n·D − r² it is √W / n, and W has up to 37 bits. So √W is taken as an integer T and
 * what a step of Newton's method adds to it, δ = (W − T²) / (T + √W), where W − T² is exact: of
 * T = n·a + b it is n·(D − n·a² − 2ab) − r² − b². T / n, too, is a float32 and its exact rest,
 * for which the quotient is cut in two parts whose products with n are exact.
 * @param squares D = Σ(x − m)² for an integer m near the mean
 * @param rest r = Σ(x − m)
 */
function deviation(g: Graph, squares: Value, rest: Value): Value {
  const { plus, minus, times, over, atLeast, root, floor, ...make } = arithmetic(g);
  const { float, integer, integers, floats } = make;
  const n = integers("deviation/n", PIXELS);
  const count = floats("deviation/count", PIXELS);
  const one = floats("deviation/one", 1);
  const two = integers("deviation/two", 2);
  const restSquared = times(rest, rest);

  const about = root(minus(times(count, float(squares)), float(restSquared)));
  const t = integer(atLeast(about, one)); // where it is 0, σ is below the least that is used
  const a = over(t, n);
  const b = minus(t, times(n, a));
  const left = minus(minus(squares, times(n, times(a, a))), times(two, times(a, b)));
  const remainder = float(minus(minus(times(n, left), restSquared), times(b, b)));
  const root0 = float(t);
  const twice = plus(root0, root0);
  const delta = over(remainder, plus(twice, over(remainder, twice)));

  const grid = floats("deviation/grid", 32);
  const quotient = over(root0, count);
  const high = over(floor(times(quotient, grid)), grid);
  const low = minus(quotient, high);
  const lost = minus(minus(root0, times(count, high)), times(count, low));
  return plus(quotient, over(plus(lost, delta), count));
}

/**
 * From `images`, uint8 [N, 3, 32, 32], to the standardized centre, float32
 * [N, 3, 28, 28]: (x − mean) / max(σ, 1/√2352), as the paper has it (Appendix A)
 * and training computes it, to the last bit.
 *
 * Some runtimes compute int64 in 32 bits and say nothing, others have no float64. So the sums are
 * int32: S = Σx ≤ 599,760, the integer mean m = ⌊S / 2352⌋, what it leaves r = S − 2352·m < 2352,
 * and D = Σ(x − m)² ≤ 38,236,308. Then 2352²·σ² = 2352·D − r², whatever m is.
 */
export function preprocess(g: Graph): Value {
  const { minus, times, over, atLeast, float, integer, integers, floats } = arithmetic(g);
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

  const count = integers("image/count", PIXELS);
  const x = integer(centre);
  const sum = total(x);
  const integerMean = over(sum, count);
  const rest = minus(sum, times(count, integerMean));
  const distance = minus(x, integerMean);
  const squares = total(times(distance, distance));

  const mean = over(float(sum), floats("image/count-float", PIXELS));
  const least = floats("image/least-sigma", 1 / Math.sqrt(PIXELS));
  return over(minus(float(centre), mean), atLeast(deviation(g, squares, rest), least));
}
