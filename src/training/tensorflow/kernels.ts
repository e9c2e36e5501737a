/**
 * Kernels of TensorFlow that tfjs lacks, run as tfjs runs its own, so that a
 * trace sees them. Each does in one or two passes over memory what takes tfjs's
 * operations five to twenty.
 */
import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import { BATCH_NORM_EPSILON } from "../../nets/net.ts";
import type { BatchNorm } from "../batch-norm-kernel.ts";
import { FLOAT } from "./graph-def.ts";

export interface Kernels {
  reluGradient(dy: tf.Tensor, y: tf.Tensor): tf.Tensor;
  batchNorm: BatchNorm;
}

/** The active backend's, if that is TensorFlow. */
export function kernels(): Kernels | undefined {
  if (tf.getBackend() !== "tensorflow") return undefined;
  const backend = tf.backend() as unknown as NodeJSKernelBackend;
  const { TF_ATTR_BOOL, TF_ATTR_FLOAT, TF_ATTR_TYPE } = backend.binding;
  const float = (name: string) => ({ name, type: TF_ATTR_TYPE, value: FLOAT });
  const training = [
    float("T"),
    float("U"),
    { name: "epsilon", type: TF_ATTR_FLOAT, value: BATCH_NORM_EPSILON },
    { name: "is_training", type: TF_ATTR_BOOL, value: true },
  ];
  return {
    reluGradient: (dy, y) => backend.executeSingleOutput("ReluGrad", [float("T")], [dy, y]),
    batchNorm: {
      forward(x, offset) {
        const noAverages = [tf.tensor1d([]), tf.tensor1d([])];
        const inputs = [x, tf.onesLike(offset), offset, ...noAverages];
        const outputs = backend.executeMultipleOutputs("FusedBatchNormV3", training, inputs, 6);
        const [y, mean, unbiased, ...reserved] = outputs as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
        const count = x.size / offset.size;
        const variance = tf.mul<tf.Tensor1D>(unbiased, (count - 1) / count);
        return { y, mean, variance, saved: [x, ...reserved] };
      },
      gradient(dy, [x, ...reserved]) {
        const input = x as tf.Tensor4D;
        const inputs = [dy, input, tf.ones([input.shape[3]]), ...reserved];
        const outputs = backend.executeMultipleOutputs("FusedBatchNormGradV3", training, inputs, 5);
        const [dx, , dOffset] = outputs as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
        return [dx, dOffset];
      },
    },
  };
}
