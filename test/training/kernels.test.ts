/** Gradients that are written out against those that tfjs derives, and TensorFlow's kernels against both. */
import * as tf from "@tensorflow/tfjs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BATCH_NORM_EPSILON } from "../../src/nets/net.ts";
import { batchNorm } from "../../src/training/batch-norm.ts";
import { relu } from "../../src/training/relu.ts";
import { tensorflowOrSkip } from "./available.ts";

const SHAPE: [number, number, number, number] = [3, 5, 4, 6];
const noise = (seed: number, shape: number[]) => tf.randomNormal(shape, 0.5, 2, "float32", seed);

/** Batch norm as tfjs's own operations have it, differentiated by tfjs. */
function derived(x: tf.Tensor, offset: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const deviation = tf.sqrt(tf.add(variance, BATCH_NORM_EPSILON));
  return tf.add(tf.div(tf.sub(x, mean), deviation), offset);
}

function near(actual: tf.Tensor, expected: tf.Tensor, what: string): void {
  assert.equal(actual.shape, expected.shape, what);
  const wanted = expected.dataSync();
  actual.dataSync().forEach((value, k) => {
    if (!(Math.abs(value - (wanted[k] as number)) < 2e-5))
      assert.unreachable(`${what} ${k} is ${value}, not ${wanted[k]}`);
  });
}

for (const backend of ["cpu", "tensorflow"]) {
  if (backend === "tensorflow" && !(await tensorflowOrSkip("TensorFlow's kernels"))) continue;

  test(`${backend}: batch norm and its gradient`, async () => {
    await tf.setBackend(backend);
    const [x, offset, dy] = [noise(1, SHAPE), noise(2, [6]), noise(3, SHAPE)];
    const measured: tf.Tensor[] = [];
    const ours = (x: tf.Tensor, offset: tf.Tensor) =>
      batchNorm(x as tf.Tensor4D, offset as tf.Tensor1D, (...moments) => measured.push(...moments));
    near(ours(x, offset), derived(x, offset), "the value");
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    near(measured[0] as tf.Tensor, mean, "the mean");
    near(measured[1] as tf.Tensor, variance, "the variance");
    const [dx, dOffset] = tf.grads(ours)([x, offset], dy);
    const [wantedX, wantedOffset] = tf.grads(derived)([x, offset], dy);
    near(dx as tf.Tensor, wantedX as tf.Tensor, "the gradient of x");
    near(dOffset as tf.Tensor, wantedOffset as tf.Tensor, "the gradient of the offset");
  });

  test(`${backend}: ReLU and its gradient, 0 at 0`, async () => {
    await tf.setBackend(backend);
    const x = tf.concat([noise(1, [50]), tf.zeros([5])]);
    const dy = noise(2, [55]);
    near(relu(x), tf.relu(x), "the value");
    near(tf.grad(relu)(x, dy), tf.grad((x) => tf.relu(x))(x, dy), "the gradient");
  });
}

test.run();
