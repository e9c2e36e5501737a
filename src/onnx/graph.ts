/** A small writer of ONNX graphs: nodes and initializers in, the bytes of a ModelProto out. */
import { create, toBinary } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "./onnx_pb.ts";

export const OPSET = 17;
const IR_VERSION = 8;

export const DataType = TensorProto_DataType;

/** The name of a value in a graph. */
export type Value = string;

type Attribute = number | number[] | { float: number } | string;
type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array;

function attribute(name: string, value: Attribute): AttributeProto {
  const Type = AttributeProto_AttributeType;
  if (typeof value === "number") {
    return create(AttributeProtoSchema, { name, type: Type.INT, i: BigInt(value) });
  }
  if (typeof value === "string") {
    return create(AttributeProtoSchema, {
      name,
      type: Type.STRING,
      s: new TextEncoder().encode(value),
    });
  }
  if (Array.isArray(value)) {
    return create(AttributeProtoSchema, { name, type: Type.INTS, ints: value.map(BigInt) });
  }
  return create(AttributeProtoSchema, { name, type: Type.FLOAT, f: value.float });
}

function dataType(data: TensorData): TensorProto_DataType {
  if (data instanceof Float32Array) return DataType.FLOAT;
  if (data instanceof Float64Array) return DataType.DOUBLE;
  if (data instanceof Int32Array) return DataType.INT32;
  return DataType.INT64;
}

/** A tensor's value_info; the dimension "N" is the free batch size. */
function valueInfo(
  name: string,
  elemType: TensorProto_DataType,
  shape: ("N" | number)[],
): ValueInfoProto {
  const dim = shape.map((d) => ({
    value:
      d === "N"
        ? ({ case: "dimParam", value: d } as const)
        : ({ case: "dimValue", value: BigInt(d) } as const),
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType, shape: { dim } } } },
  });
}

export class Graph {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers = new Map<string, TensorProto>();

  /** Adds one operator and names its single output after it. */
  op(
    opType: string,
    inputs: Value[],
    attributes: Record<string, Attribute> = {},
    output?: Value,
  ): Value {
    const name = output ?? `${opType.toLowerCase()}_${this.#nodes.length}`;
    this.#nodes.push(
      create(NodeProtoSchema, {
        name,
        opType,
        input: inputs,
        output: [name],
        attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      }),
    );
    return name;
  }

  /**
   * Adds a constant tensor, little-endian as the format demands.
   * @throws RangeError if the shape does not hold the data, or the name is taken.
   */
  tensor(name: Value, shape: number[], data: TensorData): Value {
    if (shape.reduce((a, b) => a * b, 1) !== data.length) {
      throw new RangeError(`tensor ${name}: ${data.length} values do not fill [${shape}]`);
    }
    if (this.#initializers.has(name)) throw new RangeError(`tensor ${name} exists already`);
    this.#initializers.set(
      name,
      create(TensorProtoSchema, {
        name,
        dims: shape.map(BigInt),
        dataType: dataType(data),
        rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
      }),
    );
    return name;
  }

  /**
   * Adds a uint8 tensor whose bytes lie in another file (ONNX, "External Data").
   * @param file its name, beside the model file
   */
  externalBytes(name: Value, shape: number[], file: string, offset: number): Value {
    if (this.#initializers.has(name)) throw new RangeError(`tensor ${name} exists already`);
    const length = shape.reduce((a, b) => a * b, 1);
    const entries = { location: file, offset: `${offset}`, length: `${length}` };
    this.#initializers.set(
      name,
      create(TensorProtoSchema, {
        name,
        dims: shape.map(BigInt),
        dataType: DataType.UINT8,
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
      }),
    );
    return name;
  }

  /**
   * The model file: input `images` uint8 [N, ...image], output `logits` float32 [N, 10].
   * @param metadata what the file says of itself: checkpoint id and recipe digest
   */
  model(name: string, image: number[], metadata: Record<string, string>): Uint8Array<ArrayBuffer> {
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      opsetImport: [{ domain: "", version: BigInt(OPSET) }],
      producerName: "rethink",
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name,
        node: this.#nodes,
        initializer: [...this.#initializers.values()],
        input: [valueInfo("images", DataType.UINT8, ["N", ...image])],
        output: [valueInfo("logits", DataType.FLOAT, ["N", 10])],
      },
    });
    return toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>;
  }
}
