/** Blocks of the kernel matrix over the training images (paper, section 5), computed when they are asked for. */
import * as tf from "@tensorflow/tfjs";

/** Pixels are moved by so much: products of MNIST's images then stay below 2²⁴, where float32 is exact. */
const CENTRE = 128;
/** Of pixels / 255, squared. */
const SCALE = 255 * 255;

export interface Gram {
  /** Rows of the matrix. */
  size: number;
  /** Where each block of rows starts, and the end of the last. */
  bounds: number[];
  /** The block of rows i and columns j, float32. */
  block(i: number, j: number): tf.Tensor2D;
  dispose(): void;
}

/**
 * The matrix exp(−gamma · ‖x − x'‖²) + penalty · 1 of images uint8 [n, d], in `blocks` of equal rows.
 */
export function gramOf(
  images: Uint8Array,
  d: number,
  { gamma, penalty }: { gamma: number; penalty: number },
  blocks: number,
): Gram {
  const size = images.length / d;
  const rows = Math.ceil(size / blocks);
  const bounds = Array.from({ length: blocks + 1 }, (_, k) => Math.min(size, k * rows));
  const parts = bounds.slice(0, -1).map((start, k) => {
    const bytes = images.subarray(start * d, (bounds[k + 1] as number) * d);
    return tf.tidy(() => {
      const x = tf.sub<tf.Tensor2D>(
        tf.tensor2d(Float32Array.from(bytes), [bytes.length / d, d]),
        CENTRE,
      );
      return { x, squares: tf.sum(tf.square(x), 1) };
    });
  });

  function block(i: number, j: number): tf.Tensor2D {
    const [a, b] = [parts[i], parts[j]] as [(typeof parts)[number], (typeof parts)[number]];
    return tf.tidy(() => {
      const products = tf.mul(tf.matMul(a.x, b.x, false, true), -2);
      const distances = tf.add(tf.add(products, tf.expandDims(a.squares, 1)), b.squares);
      const values = tf.exp(tf.mul(tf.relu(distances), -gamma / SCALE)) as tf.Tensor2D;
      if (i !== j) return values;
      // An image is at no distance from itself, however that was rounded.
      const eye = tf.eye(values.shape[0]);
      return tf.add<tf.Tensor2D>(tf.mul(values, tf.sub(1, eye)), tf.mul(eye, 1 + penalty));
    });
  }

  return { size, bounds, block, dispose: () => tf.dispose(parts) };
}
