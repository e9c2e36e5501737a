/** Networks that were not made here: taken as they are meant, or refused in a line that says why. */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { InputError } from "../../src/datasets/storage.ts";
import { loadGiven } from "../../src/evaluation/given.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { asPublished } from "../../src/onnx/foreign.ts";
import type { Preprocessing } from "../../src/onnx/foreign-interface.ts";
import { DataType, Graph } from "../../src/onnx/graph.ts";
import { ModelProtoSchema } from "../../src/onnx/onnx_pb.ts";
import { type Dims, floats, linearModel, mended as model, retype } from "../models.ts";

function refusal(bytes: Uint8Array, how: Preprocessing = {}): string {
  try {
    asPublished(bytes, how);
  } catch (error) {
    assert.instance(error, InputError);
    const { message } = error as Error;
    assert.not(message.includes("\n"));
    return message;
  }
  return assert.unreachable("it was taken") as never;
}

test("what cannot be counted is refused in a line", () => {
  const [input, output] = [
    (type: number, dims?: Dims) => model([3, 32, 32], (m) => retype(m.graph?.input[0], type, dims)),
    (dims: Dims) => model([3, 32, 32], (m) => retype(m.graph?.output[0], DataType.FLOAT, dims)),
  ];
  assert.match(refusal(new TextEncoder().encode("no model at all")), /no ONNX model/);
  assert.match(refusal(new Uint8Array(0)), /no ONNX model/);
  assert.match(
    refusal(input(DataType.INT32)),
    /int32 \[N, 3, 32, 32\]; it must be uint8 or a float/,
  );
  assert.match(
    refusal(input(DataType.UINT8, ["N", 1, 28, 28])),
    /\[N, 1, 28, 28\], not \[N, 3, 32, 32\]/,
  );
  assert.match(refusal(input(DataType.UINT8, [1, 3, 32, 32])), /takes 1 at a time/);
  assert.match(refusal(input(DataType.UINT8, ["N", 32, 32, 3])), /is it --layout NHWC\?/);
  assert.match(refusal(input(DataType.UINT8, ["N", 3, 28, 28])), /is it --crop 28\?/);
  assert.match(refusal(output(["N", 1_000_000])), /1000000 classes, not 10/);
  assert.match(refusal(output(["N", 10, 1])), /not \[N, 10\]/);
  assert.match(refusal(floats()), /--scale 1 leaves them/);
  assert.match(refusal(input(DataType.UINT8), { scale: 1 }), /takes bytes/);
  const two = model([3, 32, 32], ({ graph }) => {
    const [first] = graph?.input ?? [];
    if (first) graph?.input.push({ ...first, name: "more" });
  });
  assert.match(refusal(two), /2 inputs \(images, more\), not one/);
  const elsewhere = model([3, 32, 32], ({ graph }) => {
    const [tensor] = graph?.initializer ?? [];
    if (tensor) Object.assign(tensor, { rawData: new Uint8Array(0), dataLocation: 1 });
    tensor?.externalData.push({
      $typeName: "onnx.StringStringEntryProto",
      key: "location",
      value: "weights.bin",
    });
  });
  assert.match(refusal(elsewhere), /another file \(weights\.bin\)/);
});

test("a network of floats gives the logits of the same network of bytes", async () => {
  const wasm = await openRuntime("wasm");
  const images = Uint8Array.from({ length: 4 * 3072 }, (_, i) => (i * 2_654_435_761) >>> 24);
  const own = await wasm.load(linearModel());
  const expected = await own.run(images);
  for (const how of [{ scale: 1 }, { scale: 1, mean: [0] }, { deviation: [1, 1, 1] }]) {
    const session = await loadGiven(wasm, floats(), how);
    assert.equal(await session.run(images), expected);
    await session.close();
  }
  const shifted = await loadGiven(wasm, floats(), { mean: [1, 2, 3], deviation: [2] });
  assert.not.equal(await shifted.run(images), expected);
  const cut = await loadGiven(wasm, floats([3, 28, 28]), { scale: 1 / 255, crop: 28 });
  assert.is((await cut.run(images)).length, 40);
});

/** Ten of the numbers that the network is given, as its logits. */
function ten(image: number[], at: number[]): Uint8Array<ArrayBuffer> {
  const g = new Graph();
  const flat = g.op("Flatten", [g.op("Cast", ["images"], { to: DataType.FLOAT })]);
  const indices = g.tensor("indices", [10], BigInt64Array.from(at, BigInt));
  g.op("Gather", [flat, indices], { axis: 1 }, "logits");
  const made = fromBinary(ModelProtoSchema, g.model("ten", image, {}));
  retype(made.graph?.input[0], DataType.FLOAT);
  return toBinary(ModelProtoSchema, made) as Uint8Array<ArrayBuffer>;
}

test("scale, mean, deviation, crop and layout give the numbers that they say", async () => {
  const wasm = await openRuntime("wasm");
  const images = Uint8Array.from({ length: 3072 }, (_, i) => (i * 2_654_435_761) >>> 24);
  const byte = (c: number, row: number, column: number) => images[c * 1024 + row * 32 + column];
  const how = { scale: 1 / 4, mean: [1, 2, 3], deviation: [2, 4, 8], crop: 5 };
  // The centre of 5 begins at ⌊(32 − 5) / 2⌋ = 13; all of it is exact in float32.
  const places = Array.from({ length: 10 }, (_, k) => [k % 3, k % 5, (2 * k) % 5] as const);
  const expected = places.map(
    ([c, row, column]) => ((byte(c, 13 + row, 13 + column) as number) / 4 - (c + 1)) / 2 ** (c + 1),
  );
  const planes = places.map(([c, row, column]) => c * 25 + row * 5 + column);
  const pixels = places.map(([c, row, column]) => (row * 5 + column) * 3 + c);
  for (const [model, layout] of [
    [ten([3, 5, 5], planes), "NCHW"],
    [ten([5, 5, 3], pixels), "NHWC"],
  ] as const) {
    const session = await loadGiven(wasm, model, { ...how, layout });
    assert.equal([...(await session.run(images))], expected, layout);
  }
});

test.run();
