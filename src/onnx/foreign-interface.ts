/**
 * What a network that was not made here takes and gives, as it is said and as its file says it,
 * and whether that can be fed with images.
 */
import * as v from "valibot";
import { InputError } from "../datasets/storage.ts";
import { DataType } from "./graph.ts";
import type { ValueInfoProto } from "./onnx_pb.ts";

const numbers = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1), v.maxLength(3));

/** How a byte x of channel c becomes a number: (x · scale − mean[c]) / deviation[c]. */
export const PreprocessingSchema = v.strictObject({
  scale: v.optional(v.pipe(v.number(), v.finite())),
  /** One number, or one a channel. */
  mean: v.optional(numbers),
  deviation: v.optional(numbers),
  layout: v.optional(v.picklist(["NCHW", "NHWC"])),
  /** The centre so many pixels wide and high. */
  crop: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(32))),
});
export type Preprocessing = v.InferOutput<typeof PreprocessingSchema>;

/** Element types by the names that people know them by. */
const NAMES: Record<number, string> = {
  [DataType.FLOAT]: "float32",
  [DataType.UINT8]: "uint8",
  [DataType.INT8]: "int8",
  [DataType.INT32]: "int32",
  [DataType.INT64]: "int64",
  [DataType.STRING]: "string",
  [DataType.BOOL]: "bool",
  [DataType.FLOAT16]: "float16",
  [DataType.DOUBLE]: "float64",
  [DataType.BFLOAT16]: "bfloat16",
};
const FLOATS: number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE];

export interface Tensor {
  name: string;
  type: number;
  /** Undefined is a free dimension. */
  shape: (number | undefined)[] | undefined;
}

function tensorOf({ name, type }: ValueInfoProto): Tensor {
  if (type?.value.case !== "tensorType") throw new InputError(`${name} of the model is no tensor`);
  const { elemType, shape } = type.value.value;
  const dims = shape?.dim.map(({ value }) =>
    value.case === "dimValue" && value.value > 0n ? Number(value.value) : undefined,
  );
  return { name, type: elemType, shape: dims };
}

function described({ name, type, shape }: Tensor): string {
  const dims = shape ? `[${shape.map((d) => d ?? "N").join(", ")}]` : "of any shape";
  return `${name}: ${NAMES[type] ?? `type ${type}`} ${dims}`;
}

export function only(values: ValueInfoProto[], what: string): Tensor {
  const [first] = values;
  if (first && values.length === 1) return tensorOf(first);
  const names = values.slice(0, 4).map(({ name }) => name);
  throw new InputError(
    `the model has ${values.length} ${what}s${first ? ` (${names.join(", ")}${values.length > 4 ? ", …" : ""})` : ""}, not one`,
  );
}

function fits(shape: Tensor["shape"], wanted: number[]): boolean {
  if (!shape) return true;
  return shape.length === wanted.length + 1 && wanted.every((d, k) => (shape[k + 1] ?? d) === d);
}

function checkFree(tensor: Tensor): void {
  const batch = tensor.shape?.[0];
  if (batch === undefined) return;
  throw new InputError(
    `the model takes ${batch} at a time (${described(tensor)}); export it with a free first dimension`,
  );
}

export function checkInput(tensor: Tensor, how: Preprocessing): void {
  const shapeOf = (size: number, layout = how.layout) =>
    layout === "NHWC" ? [size, size, 3] : [3, size, size];
  const wanted = shapeOf(how.crop ?? 32);
  if (!fits(tensor.shape, wanted)) {
    const side = tensor.shape?.[2] ?? 32;
    const turned = how.layout === undefined && fits(tensor.shape, shapeOf(side, "NHWC"));
    const cut =
      how.crop === undefined && side < 32 && (turned || fits(tensor.shape, shapeOf(side)));
    const options = [...(turned ? ["--layout NHWC"] : []), ...(cut ? [`--crop ${side}`] : [])];
    const hint = options.length > 0 ? `; is it ${options.join(" ")}?` : "";
    throw new InputError(
      `the model's input is ${described(tensor)}, not [N, ${wanted.join(", ")}]${hint}`,
    );
  }
  checkFree(tensor);
  const stated = how.scale !== undefined || how.mean !== undefined || how.deviation !== undefined;
  if (tensor.type === DataType.UINT8) {
    if (stated)
      throw new InputError(
        "the model takes bytes: --scale, --mean and --deviation are for one that takes floats",
      );
    return;
  }
  if (!FLOATS.includes(tensor.type)) {
    throw new InputError(`the model's input is ${described(tensor)}; it must be uint8 or a float`);
  }
  if (!stated) {
    throw new InputError(
      `the model's input is ${described(tensor)}: say how bytes become numbers, with --scale, --mean or --deviation (--scale 1 leaves them 0 to 255)`,
    );
  }
}

export function checkOutput(tensor: Tensor): void {
  if (!FLOATS.includes(tensor.type)) {
    throw new InputError(`the model's output is ${described(tensor)}; it must be a float`);
  }
  const classes = tensor.shape?.at(-1);
  if (tensor.shape?.length === 2 && classes !== undefined && classes !== 10) {
    throw new InputError(`the model's output is ${described(tensor)}: ${classes} classes, not 10`);
  }
  if (!fits(tensor.shape, [10])) {
    throw new InputError(`the model's output is ${described(tensor)}, not [N, 10]`);
  }
  checkFree(tensor);
}
