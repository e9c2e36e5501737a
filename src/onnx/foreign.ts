/**
 * A network that was not made here, in the form of those that were: `images` uint8 [N, 3, 32, 32]
 * to `logits` float32 [N, 10]. What it wants done to the pixels becomes a part of the graph, so
 * that every runtime computes the same.
 */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { InputError } from "../datasets/storage.ts";
import { externalLocations } from "./external.ts";
import { checkInput, checkOutput, only, type Preprocessing } from "./foreign-interface.ts";
import { DataType, Graph, type Value } from "./graph.ts";
import { parseModel } from "./model-file.ts";
import { type GraphProto, type ModelProto, ModelProtoSchema } from "./onnx_pb.ts";
import { renameValues } from "./rename.ts";

/** Slice takes what it cuts as inputs since then. */
const OLDEST_OPSET = 10;

function opsetNamed({ opsetImport }: ModelProto): bigint | undefined {
  return opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx")?.version;
}

/** The version of ONNX's operators that a model names; @throws InputError if it is none. */
export function opsetOf(bytes: Uint8Array): number {
  externalLocations(bytes);
  return Number(opsetNamed(parseModel(bytes)) ?? 1n);
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
  const model = parseModel(bytes);
  const graph = model.graph as GraphProto | undefined;
  if (!graph || graph.node.length === 0)
    throw new InputError("the file is no ONNX model: it has no graph");
  const opset = opsetNamed(model);
  if (opset !== undefined && opset < OLDEST_OPSET) {
    throw new InputError(`the model is of opset ${opset}; export it with ${OLDEST_OPSET} or newer`);
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
