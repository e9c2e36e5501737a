/**
 * A network that was not made here, in the form of those that were: `images` uint8 [N, 3, 32, 32]
 * to `logits` float32 [N, 10]. What it wants done to the pixels becomes a part of the graph, so
 * that every runtime computes the same.
 */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import * as v from "valibot";
import { InputError } from "../datasets/storage.ts";
import { externalLocations } from "./external.ts";
import { DataType, Graph, type Value } from "./graph.ts";
import { type GraphProto, ModelProtoSchema, type ValueInfoProto } from "./onnx_pb.ts";
import { renameValues } from "./rename.ts";

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
/** Slice takes what it cuts as inputs since then. */
const OLDEST_OPSET = 10;

interface Tensor {
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

function only(values: ValueInfoProto[], what: string): Tensor {
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

function checkInput(tensor: Tensor, how: Preprocessing): void {
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

function checkOutput(tensor: Tensor): void {
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

/** From bytes to what the model takes, in float32 until the end. */
function before(g: Graph, how: Preprocessing, type: number): Value {
  const channels = (values: number[]) =>
    Float32Array.from({ length: 3 }, (_, k) => values[k % values.length] as number);
  const step = (op: string, inputs: Value[], attributes = {}) =>
    g.op(op, inputs, attributes, `rethink/${op.toLowerCase()}-${inputs[0]}`);
  const cuts = how.crop !== undefined && how.crop < 32;
  let x: Value = "images";
  // Not every runtime cuts or turns bytes.
  if (type !== DataType.UINT8 || cuts || how.layout === "NHWC")
    x = step("Cast", [x], { to: DataType.FLOAT });
  if (how.crop !== undefined && how.crop < 32) {
    const start = Math.floor((32 - how.crop) / 2);
    const longs = (name: string, values: number[]) =>
      g.tensor(`rethink/${name}`, [values.length], BigInt64Array.from(values, BigInt));
    x = step("Slice", [
      x,
      longs("starts", [start, start]),
      longs("ends", [start + how.crop, start + how.crop]),
      longs("axes", [2, 3]),
    ]);
  }
  if (type !== DataType.UINT8) {
    if (how.scale !== undefined)
      x = step("Mul", [x, g.tensor("rethink/scale", [1], Float32Array.of(how.scale))]);
    if (how.mean) x = step("Sub", [x, g.tensor("rethink/mean", [3, 1, 1], channels(how.mean))]);
    if (how.deviation)
      x = step("Div", [x, g.tensor("rethink/deviation", [3, 1, 1], channels(how.deviation))]);
  }
  if (how.layout === "NHWC") x = step("Transpose", [x], { perm: [0, 2, 3, 1] });
  return type === DataType.FLOAT || x === "images" ? x : step("Cast", [x], { to: type });
}

/**
 * The model with its preprocessing in front, as the runtimes here take it.
 * @throws InputError that says in a line what is wrong with it: no ONNX, data in other files,
 *   several inputs or outputs, other shapes or types, a fixed batch.
 */
export function asPublished(bytes: Uint8Array, how: Preprocessing): Uint8Array<ArrayBuffer> {
  const [location] = externalLocations(bytes);
  if (location !== undefined) {
    throw new InputError(
      `the model has tensors in another file (${location || "unnamed"}); export it as one file`,
    );
  }
  const model = fromBinary(ModelProtoSchema, bytes);
  const graph = model.graph as GraphProto | undefined;
  if (!graph || graph.node.length === 0)
    throw new InputError("the file is no ONNX model: it has no graph");
  const opset = model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  if (opset && opset.version < OLDEST_OPSET) {
    throw new InputError(
      `the model is of opset ${opset.version}; export it with ${OLDEST_OPSET} or newer`,
    );
  }
  const given = new Set(graph.initializer.map(({ name }) => name));
  const input = only(
    graph.input.filter(({ name }) => !given.has(name)),
    "input",
  );
  const output = only(graph.output, "output");
  checkOutput(output);
  checkInput(input, how);

  const g = new Graph();
  g.op("Identity", [before(g, how, input.type)], {}, "rethink/input");
  g.op("Cast", ["rethink/output"], { to: DataType.FLOAT }, "logits");
  const own = fromBinary(ModelProtoSchema, g.model("around", [3, 32, 32], {})).graph as GraphProto;
  const names = new Map([
    ["images", "rethink/their-images"],
    ["logits", "rethink/their-logits"],
    [input.name, "rethink/input"],
    [output.name, "rethink/output"],
  ]);
  renameValues(graph, (old) => names.get(old) ?? old);
  for (const node of own.node) node.name = ""; // theirs may have the same
  const last = own.node.pop() as (typeof own.node)[number];
  graph.node = [...own.node, ...graph.node, last];
  graph.initializer.push(...own.initializer);
  graph.input = [...graph.input.filter(({ name }) => name !== "rethink/input"), ...own.input];
  graph.output = own.output;
  graph.valueInfo = []; // a runtime infers them
  if (model.irVersion < 4n) model.irVersion = 4n; // initializers need not be inputs since then
  return toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>;
}
