/** A writer of TensorFlow graphs, with the protobuf classes that tfjs-node ships. */
import { createRequire } from "node:module";
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import type { RecordedConstant } from "./trace.ts";

/** The tag under which the graph is loaded. */
export const TAG = "train";

/** TensorFlow's DataType. */
export const FLOAT = 1;

// The generated classes come without types; these are the few setters used.
type Message = Record<string, (...args: unknown[]) => unknown> & { serializeBinary(): Uint8Array };
type Classes = Record<string, new () => Message> & {
  MetaGraphDef: (new () => Message) & { MetaInfoDef: new () => Message };
  TensorShape: (new () => Message) & { Dim: new () => Message };
  AttrValue: (new () => Message) & { ListValue: new () => Message };
};

const require = createRequire(import.meta.url);

function make(Class: new () => Message, fields: Record<string, unknown>): Message {
  const message = new Class();
  for (const [setter, value] of Object.entries(fields)) message[setter]?.(value);
  return message;
}

export class GraphDef {
  readonly #pb = require("@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js") as Classes;
  readonly #nodes: Message[] = [];
  readonly #binding: TFJSBinding;

  constructor(binding: TFJSBinding) {
    this.#binding = binding;
  }

  #shape(shape: readonly number[]): Message {
    const { TensorShape } = this.#pb;
    const dims = shape.map((size) => make(TensorShape.Dim, { setSize: size }));
    return make(TensorShape, { setDimList: dims });
  }

  #attribute({ type, value, name }: TFEOpAttr): Message {
    const { AttrValue } = this.#pb;
    const b = this.#binding;
    const scalar = {
      [b.TF_ATTR_INT]: "I",
      [b.TF_ATTR_FLOAT]: "F",
      [b.TF_ATTR_BOOL]: "B",
      [b.TF_ATTR_TYPE]: "Type",
    }[type];
    if (Array.isArray(value) && type === b.TF_ATTR_INT) {
      return make(AttrValue, { setList: make(AttrValue.ListValue, { setIList: value }) });
    }
    if (type === b.TF_ATTR_SHAPE)
      return make(AttrValue, { setShape: this.#shape(value as number[]) });
    if (type === b.TF_ATTR_STRING) {
      return make(AttrValue, { setS: new TextEncoder().encode(value as string) });
    }
    if (!scalar || Array.isArray(value)) throw new TypeError(`attribute ${name} has type ${type}`);
    return make(AttrValue, { [`set${scalar}`]: value });
  }

  /** Adds a node; `^name` among the inputs only orders it after that node. */
  node(name: string, op: string, inputs: string[], attributes: TFEOpAttr[] = []): string {
    const node = make(this.#pb.NodeDef as new () => Message, {
      setName: name,
      setOp: op,
      setInputList: inputs,
    });
    const map = node.getAttrMap?.() as Map<string, Message>;
    for (const attribute of attributes) map.set(attribute.name, this.#attribute(attribute));
    this.#nodes.push(node);
    return name;
  }

  constant(name: string, { shape, dtype, values }: RecordedConstant): string {
    const { Tensor, AttrValue } = this.#pb as Classes & Record<"Tensor", new () => Message>;
    const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const tensor = make(Tensor, {
      setDtype: dtype,
      setTensorShape: this.#shape(shape),
      setTensorContent: content,
    });
    this.node(name, "Const", [], [this.type("dtype", dtype)]);
    const map = this.#nodes.at(-1)?.getAttrMap?.() as Map<string, Message>;
    map.set("value", make(AttrValue, { setTensor: tensor }));
    return name;
  }

  /** A float32 input of the graph. */
  placeholder(name: string, shape: readonly number[]): string {
    return this.node(name, "Placeholder", [], [this.type("dtype", FLOAT), this.shape(shape)]);
  }

  /** A float32 variable that keeps its value between runs; the node is its handle. */
  variable(name: string, shape: readonly number[]): string {
    const { TF_ATTR_STRING } = this.#binding;
    const shared = { name: "shared_name", type: TF_ATTR_STRING, value: name };
    return this.node(
      name,
      "VarHandleOp",
      [],
      [this.type("dtype", FLOAT), this.shape(shape), shared],
    );
  }

  type(name: string, value: number): TFEOpAttr {
    return { name, type: this.#binding.TF_ATTR_TYPE, value };
  }

  shape(value: readonly number[]): TFEOpAttr {
    return { name: "shape", type: this.#binding.TF_ATTR_SHAPE, value: [...value] };
  }

  /** The bytes of a saved_model.pb that holds the graph. */
  savedModel(): Uint8Array {
    const pb = this.#pb as Classes & Record<string, new () => Message>;
    const meta = make(pb.MetaGraphDef, {
      setMetaInfoDef: make(pb.MetaGraphDef.MetaInfoDef, { setTagsList: [TAG] }),
      setGraphDef: make(pb.GraphDef as new () => Message, {
        setNodeList: this.#nodes,
        setVersions: make(pb.VersionDef as new () => Message, { setProducer: 1087 }),
      }),
    });
    return make(pb.SavedModel as new () => Message, {
      setSavedModelSchemaVersion: 1,
      setMetaGraphsList: [meta],
    }).serializeBinary();
  }
}
