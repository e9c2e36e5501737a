import * as tf from "@tensorflow/tfjs";

/**
 * The mean over axes as a product: TensorFlow's graph optimizer turns the
 * division in tf.mean's gradient into one, and op by op must give the same bits.
 */
export function meanOf(x: tf.Tensor, axes: number[]): tf.Tensor {
  const count = axes.reduce((product, axis) => product * (x.shape[axis] as number), 1);
  return tf.mul(tf.sum(x, axes), 1 / count);
}
