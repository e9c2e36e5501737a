/** Batch norm in training mode (Ioffe and Szegedy, 2015), with a scale of 1. */
import * as tf from "@tensorflow/tfjs";
import { BATCH_NORM_EPSILON } from "../nets/net.ts";
import type { BatchNorm } from "./batch-norm-kernel.ts";
import { meanOf } from "./mean.ts";
import { kernels } from "./tensorflow/kernels.ts";
import { withGradient } from "./with-gradient.ts";

const BATCH = [0, 1, 2];

/** From tfjs's operations, for any backend. */
const composedBatchNorm: BatchNorm = {
  forward(x, offset) {
    const mean = meanOf(x, BATCH) as tf.Tensor1D;
    const centred = tf.sub(x, mean);
    const variance = meanOf(tf.square(centred), BATCH) as tf.Tensor1D;
    const deviation = tf.sqrt(tf.add(variance, BATCH_NORM_EPSILON));
    const normalized = tf.div<tf.Tensor4D>(centred, deviation);
    return { y: tf.add(normalized, offset), mean, variance, saved: [normalized, deviation] };
  },
  gradient(dy, saved) {
    const [normalized, deviation] = saved as [tf.Tensor4D, tf.Tensor1D];
    const along = tf.mul(normalized, meanOf(tf.mul(dy, normalized), BATCH));
    const across = tf.sub(tf.sub(dy, meanOf(dy, BATCH)), along);
    return [tf.div(across, deviation), tf.sum(dy, BATCH)];
  },
};

/**
 * @param onMoments gets the batch's mean and variance, to be disposed of by the caller
 * @returns the normalized x [n, h, w, channels]
 */
export function batchNorm(
  x: tf.Tensor4D,
  offset: tf.Tensor1D,
  onMoments: (mean: tf.Tensor1D, variance: tf.Tensor1D) => void,
): tf.Tensor4D {
  const { forward, gradient } = kernels()?.batchNorm ?? composedBatchNorm;
  return withGradient(
    [x, offset],
    () => {
      const { y, mean, variance, saved } = forward(x, offset);
      onMoments(tf.keep(mean), tf.keep(variance));
      return { value: y, saved };
    },
    gradient,
  );
}
