/** The weights in a model file, from its bytes alone. */
import { parseModel } from "./model-file.ts";

/** What is trained or constructed; the other constants of a graph are its arithmetic. */
const WEIGHT = /\/(kernel|bias|offset|alpha)$|^(a|b|w)$/;

/**
 * How many numbers of a model file written here are weights: what Table 1 of
 * the paper calls "# params", and Theorem 1's 2n + d.
 * @param name what the file is called in an error
 * @throws InputError if it is no model file.
 */
export function countWeights(model: Uint8Array, name = "the file"): number {
  const { graph } = parseModel(model, name);
  return (graph?.initializer ?? [])
    .filter(({ name }) => WEIGHT.test(name))
    .reduce((sum, { dims }) => sum + dims.reduce((size, dim) => size * Number(dim), 1), 0);
}

/**
 * Tensors of float32 whose names end so, such as "/kernel", in the file's order.
 * @throws InputError if it is no model file.
 */
export function floatsOf(model: Uint8Array, ending: string, name = "the file"): Float32Array[] {
  const { graph } = parseModel(model, name);
  return (graph?.initializer ?? [])
    .filter((tensor) => tensor.name.endsWith(ending))
    .map(({ rawData }) => new Float32Array(new Uint8Array(rawData).buffer));
}
