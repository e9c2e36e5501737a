/** Solves A α = Y with a factor of A, and refines what float32 rounded. */
import * as tf from "@tensorflow/tfjs";
import { type Factor, solveTriangular } from "./factor.ts";
import type { Gram } from "./gram.ts";

/** A α with A in float32 and sums over blocks in float64: [n, columns], row by row. */
function multiply(
  gram: Gram,
  alpha: Float64Array,
  columns: number,
  onBlock: () => void = () => {},
): Float64Array {
  const out = new Float64Array(alpha.length);
  const { bounds } = gram;
  const parts = bounds.slice(0, -1).map((start, k) => {
    const values = Float32Array.from(
      alpha.subarray(start * columns, (bounds[k + 1] as number) * columns),
    );
    return tf.tensor2d(values, [values.length / columns, columns]);
  });
  const add = (k: number, product: tf.Tensor) => {
    const at = (bounds[k] as number) * columns;
    product.dataSync().forEach((x, m) => {
      out[at + m] = (out[at + m] as number) + x;
    });
  };
  for (const [i, left] of parts.entries()) {
    for (const [j, right] of parts.entries()) {
      if (j < i) continue;
      tf.tidy(() => {
        const block = gram.block(i, j);
        add(i, tf.matMul(block, right));
        if (i !== j) add(j, tf.matMul(block, left, true));
      });
      onBlock();
    }
  }
  tf.dispose(parts);
  return out;
}

/** Uᵀ U x = y: down the rows, and up again. */
function substitute(
  factor: Factor,
  bounds: number[],
  y: Float64Array,
  columns: number,
): Float64Array {
  const n = factor.length;
  const x = bounds.slice(0, -1).map((start, k) => {
    const values = Float32Array.from(
      y.subarray(start * columns, (bounds[k + 1] as number) * columns),
    );
    return tf.tensor2d(values, [values.length / columns, columns]);
  });
  function step(k: number, others: number[], transposed: boolean): void {
    const next = tf.tidy(() => {
      let rest = x[k] as tf.Tensor2D;
      for (const o of others) {
        const block = (transposed ? factor[k]?.[o] : factor[o]?.[k]) as tf.Tensor2D;
        rest = tf.sub(rest, tf.matMul(block, x[o] as tf.Tensor2D, !transposed));
      }
      return solveTriangular(factor[k]?.[k] as tf.Tensor2D, rest, transposed);
    });
    x[k]?.dispose();
    x[k] = next;
  }
  const all = [...x.keys()];
  for (let k = 0; k < n; k++) step(k, all.slice(0, k), false);
  for (let k = n - 1; k >= 0; k--) step(k, all.slice(k + 1), true);
  const out = new Float64Array(y.length);
  for (const [k, part] of x.entries()) out.set(part.dataSync(), (bounds[k] as number) * columns);
  tf.dispose(x);
  return out;
}

export interface Solution {
  /** [n, columns], row by row: each a float32. */
  alpha: Float64Array;
  /** A α in the arithmetic of `multiply`. */
  product: Float64Array;
  /** The largest of |Y − A α|. */
  residual: number;
}

const residualOf = (y: Float64Array, product: Float64Array) =>
  y.map((value, k) => value - (product[k] as number));
const largest = (values: Float64Array) =>
  values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/**
 * Solves for every column of Y [n, columns], then corrects by what remains, `rounds` times; the
 * best of them, rounded to float32, is the solution.
 */
export function solve(
  gram: Gram,
  factor: Factor,
  y: Float64Array,
  columns: number,
  rounds = 2,
  onBlock: () => void = () => {},
): Solution {
  let best: Solution | undefined;
  let alpha = substitute(factor, gram.bounds, y, columns);
  for (let round = 0; ; round++) {
    alpha = alpha.map(Math.fround);
    const product = multiply(gram, alpha, columns, onBlock);
    const rest = residualOf(y, product);
    const residual = largest(rest);
    if (!best || residual < best.residual) best = { alpha, product, residual };
    if (round === rounds) return best;
    const more = substitute(factor, gram.bounds, rest, columns);
    alpha = alpha.map((value, k) => value + (more[k] as number));
  }
}
