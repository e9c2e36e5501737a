/** A net as a computation in tfjs, in training mode. */
import * as tf from "@tensorflow/tfjs";
import { BATCH_NORM_EPSILON, INPUT, type Net, type Operation, readNet } from "../nets/net.ts";

/** The mean and variance of one batch, per channel. */
export type Moments = Record<string, tf.Tensor1D>;

/**
 * The mean over axes as a product: TensorFlow's graph optimizer turns the
 * division in tf.mean's gradient into one, and op by op must give the same bits.
 */
export function meanOf(x: tf.Tensor, axes: number[]): tf.Tensor {
  const count = axes.reduce((product, axis) => product * (x.shape[axis] as number), 1);
  return tf.mul(tf.sum(x, axes), 1 / count);
}

/**
 * Logits [n, 10] of standardized images [n, 28, 28, 3].
 * @param moments receives what batch norm measured, by the statistic's name
 */
export function logits(
  net: Net,
  weights: Record<string, tf.Tensor>,
  images: tf.Tensor4D,
  moments: Moments,
): tf.Tensor2D {
  function weight<T extends tf.Tensor>(name: string): T {
    const found = weights[name];
    if (!found) throw new RangeError(`no weight ${name}`);
    return found as T;
  }
  function normalize(name: string, x: tf.Tensor4D): tf.Tensor {
    const mean = meanOf(x, [0, 1, 2]) as tf.Tensor1D;
    const centred = tf.sub(x, mean);
    const variance = meanOf(tf.square(centred), [0, 1, 2]) as tf.Tensor1D;
    moments[`${name}/mean`] = mean;
    moments[`${name}/variance`] = variance;
    const deviation = tf.sqrt(tf.add(variance, BATCH_NORM_EPSILON));
    return tf.add(tf.div(centred, deviation), weight(`${name}/offset`));
  }
  function operation(layer: Operation, x: tf.Tensor): tf.Tensor {
    switch (layer.kind) {
      case "conv": {
        const y = tf.conv2d(
          x as tf.Tensor4D,
          weight<tf.Tensor4D>(`${layer.name}/kernel`),
          layer.stride,
          "same",
        );
        return layer.bias ? tf.add(y, weight(`${layer.name}/bias`)) : y;
      }
      case "dense":
        return tf.add(
          tf.matMul(x as tf.Tensor2D, weight<tf.Tensor2D>(`${layer.name}/kernel`)),
          weight(`${layer.name}/bias`),
        );
      case "batch-norm":
        return normalize(layer.name, x as tf.Tensor4D);
      case "relu":
        return tf.relu(x);
      case "max-pool":
        return tf.maxPool(x as tf.Tensor4D, layer.size, layer.stride, "same");
      case "lrn":
        return tf.localResponseNormalization(
          x as tf.Tensor4D,
          layer.radius,
          layer.bias,
          layer.alpha,
          layer.beta,
        );
      case "mean-pool":
        return meanOf(x, [1, 2]);
      case "flatten":
        return tf.reshape(x, [x.shape[0] as number, -1]);
      default:
        throw layer satisfies never;
    }
  }
  const [height, width, channels] = INPUT;
  tf.util.assertShapesMatch(images.shape.slice(1), [height, width, channels]);
  return readNet<tf.Tensor>(
    net,
    { operation, concat: (parts) => tf.concat(parts, -1) },
    images,
  ) as tf.Tensor2D;
}
