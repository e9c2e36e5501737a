/** A net as a computation in tfjs, in training mode. */
import * as tf from "@tensorflow/tfjs";
import { INPUT, type Net, type Operation, readNet } from "../nets/net.ts";
import { batchNorm } from "./batch-norm.ts";
import { meanOf } from "./mean.ts";
import { relu } from "./relu.ts";

/** The mean and variance of one batch, per channel. */
export type Moments = Record<string, tf.Tensor1D>;

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
    return batchNorm(x, weight(`${name}/offset`), (mean, variance) => {
      moments[`${name}/mean`] = mean;
      moments[`${name}/variance`] = variance;
    });
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
        return relu(x);
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
