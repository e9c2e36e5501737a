/** The weights in a model file, counted from its bytes alone. */
import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "./onnx_pb.ts";

/** What is trained or constructed; the other constants of a graph are its arithmetic. */
const WEIGHT = /\/(kernel|bias|offset)$|^(a|b|w)$/;

/**
 * How many numbers of a model file written here are weights: what Table 1 of
 * the paper calls "# params", and Theorem 1's 2n + d.
 */
export function countWeights(model: Uint8Array): number {
  const { graph } = fromBinary(ModelProtoSchema, model);
  return (graph?.initializer ?? [])
    .filter(({ name }) => WEIGHT.test(name))
    .reduce((sum, { dims }) => sum + dims.reduce((size, dim) => size * Number(dim), 1), 0);
}
