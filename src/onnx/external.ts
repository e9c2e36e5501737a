/**
 * The external data that a model file asks for: tensors whose bytes lie in another file.
 * A runtime opens what such a tensor names, so a model must be looked through before.
 */
import { InputError } from "../datasets/storage.ts";
import { parseModel } from "./model-file.ts";
import {
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  type SparseTensorProto,
  type TensorProto,
  TensorProto_DataLocation,
} from "./onnx_pb.ts";

/** Graphs within graphs; those written here have none. */
const DEPTH = 32;

/** Operators that run a graph as often as a value says; inside of native code nothing ends one. */
const REPEATING = new Set(["Loop", "Scan", "SequenceMap"]);

/** "ORTM", where a file in onnxruntime's own format has it; that names external data in its own way. */
const ORT_FORMAT = [0x4f, 0x52, 0x54, 0x4d];

class Locations {
  readonly found = new Set<string>();

  tensor(tensor: TensorProto | undefined): void {
    if (!tensor) return;
    const { externalData, dataLocation } = tensor;
    if (externalData.length === 0 && dataLocation !== TensorProto_DataLocation.EXTERNAL) return;
    // Whichever of two a runtime would take: both are asked for.
    const named = externalData.filter(({ key }) => key === "location");
    if (named.length === 0) this.found.add("");
    for (const { value } of named) this.found.add(value);
  }

  sparse({ values, indices }: SparseTensorProto): void {
    this.tensor(values);
    this.tensor(indices);
  }

  attribute(attribute: AttributeProto, depth: number): void {
    const { t, tensors, sparseTensor, sparseTensors, g, graphs } = attribute;
    for (const tensor of [t, ...tensors]) this.tensor(tensor);
    for (const tensor of [sparseTensor, ...sparseTensors]) if (tensor) this.sparse(tensor);
    for (const graph of [g, ...graphs]) this.graph(graph, depth + 1);
  }

  nodes(nodes: NodeProto[], depth: number): void {
    for (const node of nodes) {
      if (REPEATING.has(node.opType))
        throw new InputError("the model repeats a part of itself, as often as it likes");
      for (const attribute of node.attribute) this.attribute(attribute, depth);
    }
  }

  graph(graph: GraphProto | undefined, depth: number): void {
    if (!graph) return;
    if (depth > DEPTH) throw new InputError(`the model has graphs nested more than ${DEPTH} deep`);
    for (const tensor of graph.initializer) this.tensor(tensor);
    for (const tensor of graph.sparseInitializer) this.sparse(tensor);
    this.nodes(graph.node, depth);
  }
}

/**
 * The files that a model's tensors name, in its graph, its subgraphs and its functions; "" is one
 * that is said to be external and names none.
 * @throws InputError if the bytes are no ONNX model, or one that may never end.
 */
export function externalLocations(model: Uint8Array): string[] {
  if (ORT_FORMAT.every((byte, k) => model[4 + k] === byte)) {
    throw new InputError("the file is in onnxruntime's own format, not ONNX");
  }
  const locations = new Locations();
  const { graph, functions, trainingInfo } = parseModel(model);
  locations.graph(graph, 0);
  for (const { node, attributeProto } of functions) {
    locations.nodes(node, 0);
    for (const attribute of attributeProto) locations.attribute(attribute, 0);
  }
  for (const { initialization, algorithm } of trainingInfo) {
    locations.graph(initialization, 0);
    locations.graph(algorithm, 0);
  }
  return [...locations.found];
}
