/** max(x, 0). */
import * as tf from "@tensorflow/tfjs";
import { kernels } from "./tensorflow/kernels.ts";
import { withGradient } from "./with-gradient.ts";

function composedGradient(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return tf.mul(dy, tf.cast(tf.greater(y, 0), "float32"));
}

export function relu(x: tf.Tensor): tf.Tensor {
  const gradient = kernels()?.reluGradient ?? composedGradient;
  return withGradient(
    [x],
    () => {
      const y = tf.relu(x);
      return { value: y, saved: [y] };
    },
    (dy, [y]) => [gradient(dy, y as tf.Tensor)],
  );
}
