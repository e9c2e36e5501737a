/** What a net learned, read back from its model file: the inverse of net.ts. */
import { MismatchError } from "../datasets/storage.ts";
import { type Net, sizeOf, statisticsOf, weightsOf } from "../nets/net.ts";
import { parseModel } from "./model-file.ts";
import type { TensorProto } from "./onnx_pb.ts";

/** [out, in, height, width] → [height, width, in, out], as training has kernels. */
function outputsLast(kernel: Float32Array, shape: readonly number[]): Float32Array {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const area = height * width;
  const out = new Float32Array(kernel.length);
  for (let a = 0, to = 0; a < area; a++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) out[to++] = kernel[(o * inputs + i) * area + a] as number;
    }
  }
  return out;
}

function floats({ rawData }: TensorProto): Float32Array {
  return new Float32Array(new Uint8Array(rawData).buffer);
}

/**
 * Weights and batch norm's averages by name, shaped as training has them.
 * @param model a model file that exportNet wrote
 * @throws MismatchError if it lacks one of the net's, or has it of another size.
 */
export function readState(net: Net, model: Uint8Array): Map<string, Float32Array> {
  const { graph } = parseModel(model);
  const tensors = new Map(graph?.initializer.map((tensor) => [tensor.name, tensor]));
  const shapes = [
    ...weightsOf(net),
    ...statisticsOf(net).map(({ name, channels }) => ({ name, shape: [channels] })),
  ];
  return new Map(
    shapes.map(({ name, shape }) => {
      const tensor = tensors.get(name);
      const values = tensor ? floats(tensor) : new Float32Array();
      if (values.length !== sizeOf(shape))
        throw new MismatchError(`the model file has no ${name} of ${net.name}'s size`);
      return [name, shape.length === 4 ? outputsLast(values, shape) : values];
    }),
  );
}
