/** Batch norm in training mode as a backend may have it: in kernels of its own, or composed. */
import type * as tf from "@tensorflow/tfjs";

export interface BatchNorm {
  /** Of x [n, h, w, channels] and the channels' offsets. */
  forward(
    x: tf.Tensor4D,
    offset: tf.Tensor1D,
  ): {
    /** (x − mean) / √(variance + ε) + offset. */
    y: tf.Tensor4D;
    /** Of the batch, per channel; the variance is over all values, not one less. */
    mean: tf.Tensor1D;
    variance: tf.Tensor1D;
    /** What the gradient asks back. */
    saved: tf.Tensor[];
  };
  /** Of x and of the offset. */
  gradient(dy: tf.Tensor4D, saved: tf.Tensor[]): [tf.Tensor4D, tf.Tensor1D];
}
