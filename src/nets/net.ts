/**
 * A net as plain data: a list of layers that is read three ways, as weights,
 * as a computation in tfjs and as an ONNX graph. Nothing here needs tfjs, so
 * parameters can be counted where nothing is trained.
 */

/** Height, width, channels; after flattening 1, 1, features. */
export type Shape = [number, number, number];

/** Convolutions and pools pad as TensorFlow's "same": output ⌈input / stride⌉, an odd pixel at the end. */
export type Operation =
  | { kind: "conv"; name: string; filters: number; size: number; stride: number; bias: boolean }
  | { kind: "dense"; name: string; units: number }
  /** Per channel, with a trained offset and no trained scale. */
  | { kind: "batch-norm"; name: string }
  | { kind: "relu" }
  | { kind: "max-pool"; size: number; stride: number }
  /** x / (bias + alpha · Σ x²)^beta over the 2·radius + 1 neighbouring channels. */
  | { kind: "lrn"; radius: number; bias: number; alpha: number; beta: number }
  /** The mean over height and width. */
  | { kind: "mean-pool" }
  | { kind: "flatten" };

/** An operation, or branches over one input whose outputs are concatenated by channel. */
export type Layer = Operation | { kind: "concat"; branches: Layer[][] };

export interface Net {
  name: string;
  /** What it is, in words. */
  text: string;
  layers: Layer[];
}

/** What every trained net sees: the standardized centre of the image. */
export const INPUT: Shape = [28, 28, 3];
export const CLASSES = 10;

/** Added to the variance before its root, in training and in the exported graph. */
export const BATCH_NORM_EPSILON = 1e-3;

function outputShape(layer: Operation, [height, width, channels]: Shape): Shape {
  switch (layer.kind) {
    case "conv":
      return [Math.ceil(height / layer.stride), Math.ceil(width / layer.stride), layer.filters];
    case "max-pool":
      return [Math.ceil(height / layer.stride), Math.ceil(width / layer.stride), channels];
    case "dense":
      return [1, 1, layer.units];
    case "mean-pool":
      return [1, 1, channels];
    case "flatten":
      return [1, 1, height * width * channels];
    case "batch-norm":
    case "relu":
    case "lrn":
      return [height, width, channels];
    default:
      throw layer satisfies never;
  }
}

/** How one reading of a net treats its layers; T is what flows between them. */
export interface Reading<T> {
  /** @param shape that of the input x */
  operation(layer: Operation, x: T, shape: Shape): T;
  concat(parts: T[]): T;
}

function readLayers<T>(layers: Layer[], reading: Reading<T>, x: T, shape: Shape): [T, Shape] {
  let flowing: [T, Shape] = [x, shape];
  for (const layer of layers) {
    const [value, size] = flowing;
    if (layer.kind === "concat") {
      const parts = layer.branches.map((branch) => readLayers(branch, reading, value, size));
      const [height, width] = (parts[0] as [T, Shape])[1];
      const channels = parts.reduce((sum, [, [, , c]]) => sum + c, 0);
      flowing = [reading.concat(parts.map(([part]) => part)), [height, width, channels]];
    } else {
      flowing = [reading.operation(layer, value, size), outputShape(layer, size)];
    }
  }
  return flowing;
}

/** Reads a net from its input x [28, 28, 3] to its logits. */
export function readNet<T>(net: Net, reading: Reading<T>, x: T): T {
  return readLayers(net.layers, reading, x, INPUT)[0];
}

export interface Weight {
  name: string;
  shape: number[];
  /** Kernels are initialized at random and decay; offsets start at zero and do not. */
  role: "kernel" | "offset";
  fanIn: number;
  fanOut: number;
}

/** The trained weights in order; convolution kernels are [height, width, in, out]. */
export function weightsOf(net: Net): Weight[] {
  const weights: Weight[] = [];
  const add = (name: string, shape: number[], fanIn: number, fanOut: number) =>
    weights.push({ name, shape, role: shape.length > 1 ? "kernel" : "offset", fanIn, fanOut });
  const operation = (layer: Operation, _: undefined, [, , channels]: Shape): undefined => {
    if (layer.kind === "conv") {
      const { name, size, filters, bias } = layer;
      const area = size * size;
      add(`${name}/kernel`, [size, size, channels, filters], area * channels, area * filters);
      if (bias) add(`${name}/bias`, [filters], 0, 0);
    } else if (layer.kind === "dense") {
      add(`${layer.name}/kernel`, [channels, layer.units], channels, layer.units);
      add(`${layer.name}/bias`, [layer.units], 0, 0);
    } else if (layer.kind === "batch-norm") {
      add(`${layer.name}/offset`, [channels], 0, 0);
    }
  };
  readNet<undefined>(net, { operation, concat: () => undefined }, undefined);
  return weights;
}

/** Batch norm's moving averages: measured while training, not trained. */
export function statisticsOf(net: Net): { name: string; channels: number; initial: 0 | 1 }[] {
  return weightsOf(net)
    .filter((w) => w.name.endsWith("/offset"))
    .flatMap(({ name, shape }) => {
      const layer = name.slice(0, -"/offset".length);
      const channels = shape[0] as number;
      return [
        { name: `${layer}/mean`, channels, initial: 0 as const },
        { name: `${layer}/variance`, channels, initial: 1 as const },
      ];
    });
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** How many numbers are trained: what Table 1 calls "# params". */
export function parameterCount(net: Net): number {
  return weightsOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
