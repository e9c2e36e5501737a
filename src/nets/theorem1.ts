/**
 * Theorem 1 (paper, section 4): a two-layer ReLU network with 2n + d weights
 * that represents any labelling of n points in d dimensions,
 *
 *   c(x) = Σ_j w_j · max(⟨a, x⟩ − b_j, 0).
 *
 * It is constructed, not trained: project the points to a line, put one b_j
 * before each projection, and solve the lower-triangular system for w.
 */
import { keyed } from "../prng.ts";

const LIMIT = 2 ** 20;

/** The direction a: `dimensions` integers, uniform in ±2²⁰, so that ⟨a, x⟩ is exact in float64. */
export function direction(seed: number, dimensions: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(
    { length: dimensions },
    (_, i) => keyed("theorem1", seed, i).below(2 * LIMIT + 1) - LIMIT,
  );
}

/** ⟨a, x⟩ for images [n, d]. */
export function project(a: Float64Array, images: Uint8Array): Float64Array {
  const d = a.length;
  return Float64Array.from({ length: images.length / d }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += (a[k] as number) * (images[i * d + k] as number);
    return sum;
  });
}

export interface Interpolation {
  /** Where each unit sets in, ascending, [n]. */
  b: Float64Array<ArrayBuffer>;
  /** The output weights, [n]. */
  w: Float64Array<ArrayBuffer>;
}

/**
 * The weights with c(x_i) = labels[i] for distinct projections z [n].
 * b_j is the projection before the j-th (one less than the first), so between
 * two points c is a line, and w_j is by how much its slope changes.
 * @throws RangeError if two points share a projection.
 */
export function interpolate(z: Float64Array, labels: Uint8Array): Interpolation {
  const order = Array.from(z.keys()).sort((i, j) => (z[i] as number) - (z[j] as number));
  const b = new Float64Array(z.length);
  const w = new Float64Array(z.length);
  let slope = 0;
  let label = 0;
  let before = (z[order[0] as number] as number) - 1;
  order.forEach((i, j) => {
    const at = z[i] as number;
    if (at === before)
      throw new RangeError(`two points share the projection ${at}; use another seed`);
    const next = ((labels[i] as number) - label) / (at - before);
    b[j] = before;
    w[j] = next - slope;
    slope = next;
    label = labels[i] as number;
    before = at;
  });
  return { b, w };
}
