/**
 * Records the TensorFlow operations that a tfjs computation runs. tfjs executes
 * eagerly through one function of its addon, so watching that function while
 * the computation runs once yields its graph.
 */
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";

export interface RecordedOperation {
  type: string;
  attributes: TFEOpAttr[];
  /** Ids of the addon's tensors. */
  inputs: number[];
  outputs: number[];
}

export interface RecordedConstant {
  shape: number[];
  /** TensorFlow's DataType. */
  dtype: number;
  values: Float32Array | Int32Array | Uint8Array;
}

export interface Trace<T> {
  operations: RecordedOperation[];
  /** What the computation made from numbers, by tensor id. */
  constants: Map<number, RecordedConstant>;
  result: T;
}

/** Runs `compute` once and records it. */
export function trace<T>(backend: NodeJSKernelBackend, compute: () => T): Trace<T> {
  const binding = backend.binding;
  const operations: RecordedOperation[] = [];
  const constants = new Map<number, RecordedConstant>();
  const executeOp: TFJSBinding["executeOp"] = (type, attributes, inputs, count) => {
    const outputs = binding.executeOp(type, attributes, inputs, count);
    operations.push({ type, attributes, inputs: [...inputs], outputs: outputs.map((o) => o.id) });
    return outputs;
  };
  const createTensor: TFJSBinding["createTensor"] = (shape, dtype, values) => {
    const id = binding.createTensor(shape, dtype, values);
    const copy = (values as Float32Array | Int32Array | Uint8Array).slice();
    constants.set(id, { shape: [...shape], dtype, values: copy });
    return id;
  };
  // The addon's own properties are read-only, so the backend gets one that inherits from it.
  backend.binding = Object.create(binding, {
    executeOp: { value: executeOp },
    createTensor: { value: createTensor },
  }) as TFJSBinding;
  try {
    return { operations, constants, result: compute() };
  } finally {
    backend.binding = binding;
  }
}
