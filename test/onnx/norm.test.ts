/** The norm of a net's kernels, from its file. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { InputError } from "../../src/datasets/storage.ts";
import { Graph } from "../../src/onnx/graph.ts";
import { normOfKernels } from "../../src/onnx/norm.ts";

function modelOf(tensors: [string, number[]][]): Uint8Array {
  const g = new Graph();
  for (const [name, values] of tensors) g.tensor(name, [values.length], Float32Array.from(values));
  g.op("Identity", ["images"], {}, "logits");
  return g.model("net", [3, 32, 32], { id: "net" });
}

test("kernels of all layers count, biases and other constants do not", () => {
  const model = modelOf([
    ["conv1/kernel", [3, 4]],
    ["conv1/bias", [100]],
    ["dense/kernel", [12]],
    ["scale", [7]],
  ]);
  assert.is(normOfKernels(model), 13); // √(3² + 4² + 12²)
  assert.is(normOfKernels(modelOf([["dense/kernel", [1, 2]]])), 2.2361);
  assert.is(normOfKernels(modelOf([["a", [2]]])), undefined);
});

test("what is no model is an input error", () => {
  assert.throws(
    () => normOfKernels(Uint8Array.of(255)),
    (error: unknown) => error instanceof InputError,
  );
});

test.run();
