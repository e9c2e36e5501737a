/** Small model files for tests. */
import { DataType, Graph } from "../src/onnx/graph.ts";
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
