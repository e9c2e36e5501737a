/** A trained net as a model file. */
import {
  BATCH_NORM_EPSILON,
  INPUT,
  type Net,
  type Operation,
  readNet,
  type Shape,
  weightsOf,
} from "../nets/net.ts";
import { Graph, type Value } from "./graph.ts";
import { preprocess } from "./preprocess.ts";

/** [height, width, in, out] → [out, in, height, width], as ONNX wants kernels. */
function outputsFirst(kernel: Float32Array, shape: readonly number[]): Float32Array {
  const [area, inputs, outputs] = [
    (shape[0] as number) * (shape[1] as number),
    shape[2] as number,
    shape[3] as number,
  ];
  const out = new Float32Array(kernel.length);
  for (let a = 0, from = 0; a < area; a++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) out[(o * inputs + i) * area + a] = kernel[from++] as number;
    }
  }
  return out;
}

/** The pads of TensorFlow's "same", [top, left, bottom, right]: an odd one at the end. */
function samePads([height, width]: Shape, size: number, stride: number): number[] {
  const total = (extent: number) =>
    Math.max((Math.ceil(extent / stride) - 1) * stride + size - extent, 0);
  const begin = (extent: number) => Math.floor(total(extent) / 2);
  return [begin(height), begin(width), total(height) - begin(height), total(width) - begin(width)];
}

/**
 * The model file of a net.
 * @param state weights and batch norm's averages by name, shaped as training has them
 * @throws RangeError if one is missing or of another size
 */
export function exportNet(
  net: Net,
  state: ReadonlyMap<string, Float32Array>,
  metadata: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const g = new Graph();
  const shapes = new Map(weightsOf(net).map(({ name, shape }) => [name, shape]));

  function values(name: string): Float32Array {
    const found = state.get(name);
    if (!found) throw new RangeError(`${net.name} has no values for ${name}`);
    return found;
  }
  function vector(name: string): Value {
    return g.tensor(name, [values(name).length], values(name));
  }
  function convolve(layer: Operation & { kind: "conv" }, x: Value, shape: Shape): Value {
    const kernel = `${layer.name}/kernel`;
    const kernelShape = shapes.get(kernel) as number[];
    const [height, width, inputs, outputs] = kernelShape as [number, number, number, number];
    const weights = g.tensor(
      kernel,
      [outputs, inputs, height, width],
      outputsFirst(values(kernel), kernelShape),
    );
    return g.op("Conv", layer.bias ? [x, weights, vector(`${layer.name}/bias`)] : [x, weights], {
      kernel_shape: [layer.size, layer.size],
      strides: [layer.stride, layer.stride],
      pads: samePads(shape, layer.size, layer.stride),
    });
  }
  function normalize(name: string, x: Value, channels: number): Value {
    const one = g.tensor(`${name}/scale`, [channels], new Float32Array(channels).fill(1));
    const inputs = [x, one, ...["offset", "mean", "variance"].map((s) => vector(`${name}/${s}`))];
    return g.op("BatchNormalization", inputs, { epsilon: { float: BATCH_NORM_EPSILON } });
  }
  function operation(layer: Operation, x: Value, shape: Shape): Value {
    switch (layer.kind) {
      case "conv":
        return convolve(layer, x, shape);
      case "dense": {
        const kernel = `${layer.name}/kernel`;
        const weights = g.tensor(kernel, shapes.get(kernel) as number[], values(kernel));
        return g.op("Gemm", [x, weights, vector(`${layer.name}/bias`)]);
      }
      case "batch-norm":
        return normalize(layer.name, x, shape[2]);
      case "relu":
        return g.op("Relu", [x]);
      case "max-pool":
        return g.op("MaxPool", [x], {
          kernel_shape: [layer.size, layer.size],
          strides: [layer.stride, layer.stride],
          pads: samePads(shape, layer.size, layer.stride),
        });
      case "lrn": {
        const size = 2 * layer.radius + 1;
        return g.op("LRN", [x], {
          size,
          bias: { float: layer.bias },
          alpha: { float: layer.alpha * size }, // ONNX divides alpha by the size
          beta: { float: layer.beta },
        });
      }
      case "mean-pool":
        return g.op("Flatten", [g.op("GlobalAveragePool", [x])]);
      case "flatten": // training flattens with the channels last
        return g.op("Flatten", [g.op("Transpose", [x], { perm: [0, 2, 3, 1] })]);
      default:
        throw layer satisfies never;
    }
  }
  const out = readNet<Value>(
    net,
    { operation, concat: (parts) => g.op("Concat", parts, { axis: 1 }) },
    preprocess(g),
  );
  g.op("Identity", [out], {}, "logits");
  return g.model(net.name, [INPUT[2], 32, 32], metadata);
}
