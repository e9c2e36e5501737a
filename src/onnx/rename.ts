/** Gives values of a graph other names, wherever they are spoken of. */
import type { GraphProto, NodeProto } from "./onnx_pb.ts";

function inNode(node: NodeProto, name: (old: string) => string): void {
  node.input = node.input.map(name);
  node.output = node.output.map(name);
  for (const { g, graphs } of node.attribute) {
    for (const graph of g ? [g, ...graphs] : graphs) renameValues(graph, name);
  }
}

/**
 * Renames in place, in graphs within the graph as well: where one of them has its own value of
 * that name, both get the other name, and which hides which stays as it was.
 */
export function renameValues(graph: GraphProto, name: (old: string) => string): void {
  for (const node of graph.node) inNode(node, name);
  for (const value of [...graph.input, ...graph.output, ...graph.valueInfo, ...graph.initializer]) {
    value.name = name(value.name);
  }
  for (const { values } of graph.sparseInitializer) if (values) values.name = name(values.name);
  graph.quantizationAnnotation = []; // speaks of values, and binds nobody
}
