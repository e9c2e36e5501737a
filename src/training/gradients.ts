/** One minibatch: loss, gradients and what batch norm measured. The same tfjs code for every backend. */
import * as tf from "@tensorflow/tfjs";
import { type Net, weightsOf } from "../nets/net.ts";
import { logits, type Moments } from "./forward.ts";
import { meanOf } from "./mean.ts";
import type { StepOptions } from "./stepper.ts";

type Decay = Pick<StepOptions, "weightDecay" | "decayedLayers">;

export interface Gradients {
  /** Mean cross-entropy of the batch, a scalar, without weight decay. */
  loss: tf.Scalar;
  /** How many of the batch the net predicted before the update, a scalar. */
  correct: tf.Scalar;
  /** By weight, weight decay included. */
  gradients: Record<string, tf.Tensor>;
  moments: Moments;
}

/**
 * @param images standardized, [n, 28, 28, 3]
 * @param labels one-hot, [n, 10]
 * @param decay which kernels decay, and how much
 */
export function gradientsOf(
  net: Net,
  weights: Record<string, tf.Variable>,
  images: tf.Tensor4D,
  labels: tf.Tensor2D,
  { weightDecay, decayedLayers }: Decay,
): Gradients {
  const decays = (kernel: string) =>
    decayedLayers?.some((layer) => kernel === `${layer}/kernel`) ?? true;
  return tf.tidy(() => {
    const moments: Moments = {};
    let correct: tf.Tensor = tf.scalar(0);
    const order = weightsOf(net).map(({ name }) => weights[name] as tf.Variable);
    const { value, grads } = tf.variableGrads(() => {
      const out = logits(net, weights, images, moments);
      const hit = tf.equal(tf.argMax(out, 1), tf.argMax(labels, 1));
      correct = tf.keep(tf.sum(tf.cast(hit, "float32")));
      return tf.neg(meanOf(tf.sum(tf.mul(labels, tf.logSoftmax(out)), 1), [0])) as tf.Scalar;
    }, order);
    const gradients: Record<string, tf.Tensor> = {};
    for (const { name, role } of weightsOf(net)) {
      const gradient = grads[(weights[name] as tf.Variable).name] as tf.Tensor;
      gradients[name] =
        role === "kernel" && weightDecay > 0 && decays(name)
          ? tf.add(gradient, tf.mul(weights[name] as tf.Variable, weightDecay))
          : gradient;
    }
    return {
      loss: value,
      correct: correct as tf.Scalar,
      gradients,
      moments,
    } as unknown as tf.TensorContainer;
  }) as unknown as Gradients;
}
