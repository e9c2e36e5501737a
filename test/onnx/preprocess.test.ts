/** The graph's standardization: training's own to the last bit, in integers that no runtime cuts off. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { createRequire } from "node:module";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as web from "onnxruntime-web/wasm";
import { IMAGE_BYTES } from "../../src/datasets/cifar10.ts";
import { readView, type View } from "../../src/datasets/view.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { NETS } from "../../src/nets/registry.ts";
import { DataType, Graph } from "../../src/onnx/graph.ts";
import { exportNet } from "../../src/onnx/net.ts";
import { ModelProtoSchema, TensorShapeProto_DimensionSchema } from "../../src/onnx/onnx_pb.ts";
import { preprocess } from "../../src/onnx/preprocess.ts";
import { initialState } from "../../src/training/initialize.ts";
import { CENTRE, STANDARDIZED, standardize } from "../../src/training/standardize.ts";

const native = createRequire(import.meta.url)("onnxruntime-node") as typeof web;
web.env.wasm.numThreads = 1;

/** A model of the preprocessing alone: from images to the standardized centre. */
function standardizing(): Uint8Array {
  const g = new Graph();
  g.op("Identity", [preprocess(g)], {}, "logits");
  const model = fromBinary(ModelProtoSchema, g.model("standardize", [3, 32, 32], {}));
  const type = model.graph?.output[0]?.type?.value;
  assert.ok(type?.case === "tensorType" && type.value.shape);
  const [batch] = type.value.shape.dim;
  const sizes = [3, 28, 28].map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: { case: "dimValue", value: BigInt(size) },
    }),
  );
  type.value.shape.dim = [batch as NonNullable<typeof batch>, ...sizes];
  return toBinary(ModelProtoSchema, model);
}

const model = standardizing();
const sessions = await Promise.all(
  [native, web].map(async (ort) => ({ ort, session: await ort.InferenceSession.create(model) })),
);

/** As training has it, [3, 28, 28] an image. */
function asTrained(images: Uint8Array): Float32Array {
  const count = images.length / IMAGE_BYTES;
  const out = new Float32Array(count * STANDARDIZED);
  const pixelsFirst = new Float32Array(STANDARDIZED); // [28, 28, 3]
  for (let i = 0; i < count; i++) {
    const image = images.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES);
    standardize(image, CENTRE, CENTRE, pixelsFirst, 0);
    for (let k = 0; k < STANDARDIZED; k++) {
      out[i * STANDARDIZED + (k % 3) * 784 + Math.floor(k / 3)] = pixelsFirst[k] as number;
    }
  }
  return out;
}

/** Floats by their bits: 0 and −0, too, are to be told apart. */
function bits(floats: Float32Array): Uint32Array {
  return new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
}

async function checkBits(images: Uint8Array, what: string): Promise<void> {
  const expected = bits(asTrained(images));
  for (const { ort, session } of sessions) {
    const input = new ort.Tensor("uint8", images, [images.length / IMAGE_BYTES, 3, 32, 32]);
    const { logits } = await session.run({ images: input });
    const got = bits(logits?.data as Float32Array);
    const differing = expected.findIndex((word, k) => word !== got[k]);
    assert.is(differing, -1, `${what}: value ${differing}`);
  }
}

function image(value: (channel: number, row: number, column: number) => number): Uint8Array {
  return Uint8Array.from({ length: IMAGE_BYTES }, (_, k) =>
    value(Math.floor(k / 1024), Math.floor(k / 32) % 32, k % 32),
  );
}

const EXTREMES: Record<string, Uint8Array> = {
  "all 0": image(() => 0),
  "all 255": image(() => 255),
  "half 0, half 255": image((_, row) => (row < 16 ? 0 : 255)),
  "every second row 0": image((_, row) => (row % 2 ? 255 : 0)),
  "one value set": image((c, row, column) => (c === 1 && row === 15 && column === 9 ? 255 : 0)),
  "one value not set": image((c, row, column) => (c + row + column === 30 && c === 0 ? 0 : 255)),
  "one value one more": image((c, row, column) => (c === 2 && row === 4 && column === 4 ? 8 : 7)),
  "what is cut away differs": image((_, row) => (row < 2 ? 255 : 100)),
};

for (const [name, bytes] of Object.entries(EXTREMES)) {
  test(`${name}: the bits of training`, () => checkBits(bytes, name));
}

test("images of each kind of view: the bits of training", async () => {
  const dataset = await openDataset();
  for (const kind of ["true", "shuffled", "random", "gaussian"] as const) {
    const pixels = kind === "true" ? { kind } : { kind, seed: 0 };
    const view: View = { dataset: "cifar10", labels: { kind: "true" }, pixels };
    for (const split of ["train", "test"] as const) {
      const { images } = await readView(dataset, view, split, 200, 400);
      await checkBits(images, `${kind} ${split}`);
    }
  }
});

test("the largest integers stay below 2³¹", () => {
  const count = 2352;
  let largest = 0;
  for (let white = 0; white <= count; white++) {
    // Σ(x − m)² is largest where every value is 0 or 255.
    const mean = Math.floor((255 * white) / count);
    largest = Math.max(largest, white * (255 - mean) ** 2 + (count - white) * mean ** 2);
  }
  assert.is(largest, 38_236_308);
  assert.ok((count - 1) ** 2 < 2 ** 31 && 255 * count < 2 ** 31);
  // An integer T near √W is 2352·a + b; a rest of it is at most 2T, and what is around it r² + b².
  const root = Math.ceil(Math.sqrt(count * largest));
  assert.is(root, 299_887);
  assert.ok(count * Math.floor(root / count) ** 2 < 2 ** 31);
  assert.ok(2 * root + 2 * (count - 1) ** 2 < 2 ** 31);
});

for (const net of Object.values(NETS)) {
  test(`${net.name}: nothing is float64, and int64 are axes and positions alone`, () => {
    const { graph } = fromBinary(ModelProtoSchema, exportNet(net, initialState(net, 0), {}));
    const wide = graph?.initializer
      .filter((tensor) => tensor.dataType === DataType.INT64)
      .map((tensor) => tensor.name);
    assert.equal(wide, ["crop/from", "crop/to", "crop/axes", "image/axes"]);
    const casts = graph?.node.filter((node) => node.opType === "Cast") ?? [];
    const types = casts.map(({ attribute }) => Number(attribute[0]?.i));
    const [most, double] = [DataType.INT64, DataType.DOUBLE];
    assert.ok(casts.length > 0 && !types.includes(most) && !types.includes(double));
    assert.not.ok(graph?.initializer.some((tensor) => tensor.dataType === double));
  });
}

test.run();
