/** The bytes of a model file as the message that they are, if they are one of a size that a net has. */
import type { DescMessage } from "@bufbuild/protobuf";
import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { InputError } from "../datasets/storage.ts";
import { type ModelProto, ModelProtoSchema } from "./onnx_pb.ts";

/**
 * Fields of all messages: nodes, their inputs, tensors, their shapes. Inception has 1,933. One may be
 * two bytes, which become hundreds here, and take microseconds of whoever serves.
 */
const FIELDS = 100_000;

const inner = new Map<DescMessage, Map<number, DescMessage>>();

/** The fields of a message that are messages. */
function messagesIn(message: DescMessage): Map<number, DescMessage> {
  const known = inner.get(message);
  if (known) return known;
  const found = message.fields.flatMap((field): [number, DescMessage][] =>
    field.message ? [[field.number, field.message]] : [],
  );
  const messages = new Map(found);
  inner.set(message, messages);
  return messages;
}

/** @throws InputError if a message has more than so many fields, those of messages in it with them. */
function checkFields(bytes: Uint8Array): void {
  const reader = new BinaryReader(bytes);
  let fields = 0;
  const walk = (message: DescMessage, end: number): void => {
    const messages = messagesIn(message);
    while (reader.pos < end) {
      if (++fields > FIELDS) throw new InputError(`the model has more than ${FIELDS} parts`);
      const [number, type] = reader.tag();
      const within = type === WireType.LengthDelimited ? messages.get(number) : undefined;
      if (within) walk(within, reader.uint32() + reader.pos);
      else reader.skip(type, number);
    }
  };
  walk(ModelProtoSchema, bytes.length);
}

/**
 * @param name what the file is called in an error
 * @throws InputError if the bytes are no ONNX model, or one of far more parts than a net has
 */
export function parseModel(bytes: Uint8Array, name = "the file"): ModelProto {
  try {
    checkFields(bytes);
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name} is no ONNX model`);
  }
}
