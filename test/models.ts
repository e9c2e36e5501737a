/** Small model files for tests. */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { DataType, Graph } from "../src/onnx/graph.ts";
import { type ModelProto, ModelProtoSchema, type ValueInfoProto } from "../src/onnx/onnx_pb.ts";
import { keyed } from "../src/prng.ts";

/** Says that it is theorem1.random-labels, whose fixture tests tamper with. logits = pixels · weights: uint8 [N, ...image] to float32 [N, 10], weights in ±1/2 by the seed. */
export function linearModel(image = [3, 32, 32], seed = 0): Uint8Array<ArrayBuffer> {
  const size = image.reduce((a, b) => a * b);
  const { next } = keyed("test", seed, 0);
  const weights = Float32Array.from({ length: size * 10 }, () => next() / 2 ** 32 - 0.5);
  const g = new Graph();
  const flat = g.op("Flatten", [g.op("Cast", ["images"], { to: DataType.FLOAT })]);
  g.op("MatMul", [flat, g.tensor("weights", [size, 10], weights)], {}, "logits");
  return g.model("linear", image, { id: "theorem1.random-labels" });
}

/**
 * A model of a kilobyte that repeats nothing and takes minutes: a product of large matrices, a hundred times.
 * @param folded whether that is the same for all images, and so computed when it is loaded
 */
export function slowModel(folded = false): Uint8Array<ArrayBuffer> {
  const g = new Graph();
  const pixels = g.op("Cast", ["images"], { to: DataType.FLOAT });
  const zero = g.tensor("zero", [], new Float32Array(1));
  const none = folded ? zero : g.op("Mul", [g.op("ReduceMax", [pixels], { keepdims: 0 }), zero]);
  const size = g.tensor("size", [2], new BigInt64Array([5000n, 5000n]));
  const square = g.op("Expand", [none, size]);
  let product = square;
  for (let k = 0; k < 100; k++) product = g.op("MatMul", [product, square]);
  const weights = g.tensor("weights", [3072, 10], new Float32Array(30_720));
  const logits = g.op("MatMul", [g.op("Flatten", [pixels]), weights]);
  g.op("Add", [logits, g.op("ReduceMax", [product], { keepdims: 0 })], {}, "logits");
  return g.model("slow", [3, 32, 32], { id: "theorem1.random-labels" });
}

/** A model of a kilobyte that takes memory: a square matrix of float32. */
export function largeModel(side: number): Uint8Array<ArrayBuffer> {
  const g = new Graph();
  const pixels = g.op("Cast", ["images"], { to: DataType.FLOAT });
  const size = g.tensor("size", [2], new BigInt64Array([BigInt(side), BigInt(side)]));
  const square = g.op("Expand", [g.op("ReduceMax", [pixels], { keepdims: 0 }), size]);
  const weights = g.tensor("weights", [3072, 10], new Float32Array(30_720));
  const logits = g.op("MatMul", [g.op("Flatten", [pixels]), weights]);
  g.op("Add", [logits, g.op("ReduceMax", [square], { keepdims: 0 })], {}, "logits");
  return g.model("large", [3, 32, 32], { id: "theorem1.random-labels" });
}

/** The linear model, mended by hand as another exporter might have written it. */
export function mended(
  image: number[],
  mend: (model: ModelProto) => void,
): Uint8Array<ArrayBuffer> {
  const made = fromBinary(ModelProtoSchema, linearModel(image));
  mend(made);
  return toBinary(ModelProtoSchema, made) as Uint8Array<ArrayBuffer>;
}

export type Dims = (number | string)[];

/** Gives an input or output another type and, where they are there, dimensions; a text is a free one. */
export function retype(value: ValueInfoProto | undefined, elemType: number, dims?: Dims): void {
  if (value?.type?.value.case !== "tensorType") return;
  const tensor = value.type.value.value;
  tensor.elemType = elemType;
  if (!dims || !tensor.shape) return;
  const [free] = tensor.shape.dim;
  tensor.shape.dim = dims.map((d) =>
    typeof d === "string"
      ? (free as NonNullable<typeof free>)
      : { ...(free as NonNullable<typeof free>), value: { case: "dimValue", value: BigInt(d) } },
  );
}

/** The linear model that takes floats. */
export const floats = (image = [3, 32, 32]) =>
  mended(image, ({ graph }) => retype(graph?.input[0], DataType.FLOAT));
