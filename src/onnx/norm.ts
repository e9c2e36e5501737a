/**
 * How large a model is: of a net ‖w‖ over the kernels of its layers, which is what weight decay holds
 * down; of a kernel machine f = Σ αᵢ K(xᵢ, ·) the norm of its ten outputs as functions, √(Σ αᵀKα),
 * of which the solution of least norm has the least.
 */
import { floatsOf } from "./weights.ts";

/** In float32 another order of sums changes the digits that follow. */
const DIGITS = 5;

export function rounded(norm: number): number {
  return Number(norm.toPrecision(DIGITS));
}

/**
 * ‖w‖ of the kernels in a net's file, biases and offsets left out; undefined where it has none.
 * @throws InputError if it is no model file.
 */
export function normOfKernels(model: Uint8Array): number | undefined {
  const kernels = floatsOf(model, "/kernel");
  if (kernels.length === 0) return undefined;
  let squares = 0;
  for (const kernel of kernels) for (const w of kernel) squares += w * w;
  return rounded(Math.sqrt(squares));
}

/**
 * √(Σ αᵀKα), where a kernel machine's own logits on its training images, Kα, are known.
 * @param logits [n, 10] of the n training images, row by row, in the order of α
 * @throws InputError if it is no model file.
 */
export function normOfMachine(model: Uint8Array, logits: Float32Array): number {
  let [squared, at] = [0, 0];
  for (const part of floatsOf(model, "/alpha"))
    for (const a of part) squared += a * (logits[at++] as number);
  return rounded(Math.sqrt(squared));
}
