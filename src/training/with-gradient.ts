import * as tf from "@tensorflow/tfjs";

/**
 * An operation whose gradient is written out, where the one that tfjs derives
 * takes many more passes over memory.
 * @param forward its value, and what the gradient needs
 * @param gradient of every input, in order
 */
export function withGradient<T extends tf.Tensor>(
  inputs: tf.Tensor[],
  forward: () => { value: T; saved: tf.Tensor[] },
  gradient: (dy: T, saved: tf.Tensor[]) => tf.Tensor[],
): T {
  const operation = tf.customGrad<T>((...args) => {
    const { value, saved } = forward();
    (args.at(-1) as tf.GradSaveFunc)(saved);
    return { value, gradFunc: gradient };
  });
  return operation(...inputs);
}
