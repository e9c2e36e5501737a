/** What every runtime must do: one suite that each of them passes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openDataset, PROJECT } from "../../src/local/dataset.ts";
import { IMAGE_BYTES, readExamples } from "../../src/datasets/cifar10.ts";
import { InputError } from "../../src/datasets/storage.ts";
import { predict } from "../../src/evaluation/evaluate.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import type { RuntimeName } from "../../src/evaluation/runtimes/runtime.ts";
import { DataType, Graph } from "../../src/onnx/graph.ts";
import { linearModel } from "../models.ts";

const RUNTIMES: RuntimeName[] = ["native", "wasm"];
const COUNT = 20;

function published(id: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(PROJECT, `models/${id}/model.onnx`)));
}
const theorem1 = published("theorem1.random-labels");
const theorem1Published = new Uint8Array(
  readFileSync(join(PROJECT, "fixtures/predictions/theorem1.random-labels.test.bin")),
).slice(0, COUNT);
const { images } = await readExamples(await openDataset(), "test", 0, COUNT);

/** Logit k is byte k of the image, so the right answer can be read off the pixels. */
function firstBytesModel(): Uint8Array<ArrayBuffer> {
  const g = new Graph();
  const flat = g.op("Flatten", [g.op("Cast", ["images"], { to: DataType.FLOAT })]);
  const ends = [0n, 10n, 1n].map((n, k) => g.tensor(`slice/${k}`, [1], BigInt64Array.of(n)));
  g.op("Slice", [flat, ...ends], {}, "logits");
  return g.model("first-bytes", [3, 32, 32], {});
}

/** The one line with which a runtime refuses a file. */
async function refusal(name: RuntimeName, model: Uint8Array<ArrayBuffer>): Promise<string> {
  const runtime = await openRuntime(name);
  try {
    await runtime.load(model);
  } catch (error) {
    assert.instance(error, InputError);
    assert.not.match((error as Error).message, "\n");
    return (error as Error).message;
  }
  return assert.unreachable("it was accepted") as never;
}

for (const name of RUNTIMES) {
  const test = suite(name);

  test("it says what it is", async () => {
    const runtime = await openRuntime(name);
    assert.is(runtime.name, name);
    assert.match(runtime.package, /^onnxruntime-/);
    assert.match(runtime.version, /^\d+\.\d+\.\d+/);
  });

  test("it leaves the process's WebAssembly as it was", async () => {
    const { Memory } = WebAssembly as unknown as { Memory: unknown };
    const session = await (await openRuntime(name)).load(linearModel());
    await session.close();
    assert.is((WebAssembly as unknown as { Memory: unknown }).Memory, Memory);
  });

  test("logits are float32 [n, 10] of the bytes given", async () => {
    const session = await (await openRuntime(name)).load(firstBytesModel());
    const logits = await session.run(images.subarray(0, 3 * IMAGE_BYTES));
    await session.close();
    assert.instance(logits, Float32Array);
    const expected = [0, 1, 2].flatMap((i) => [
      ...images.subarray(i * IMAGE_BYTES, i * IMAGE_BYTES + 10),
    ]);
    assert.equal([...logits], expected);
  });

  test("an example's logits have the same bits alone and in any batch", async () => {
    const nets = ["mlp-3x512.true", "alexnet.true", "inception.true"].map(published);
    for (const model of [linearModel(), theorem1, ...nets]) {
      const session = await (await openRuntime(name)).load(model);
      const together = await session.run(images);
      for (let i = 0; i < COUNT; i += 7) {
        const alone = await session.run(images.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES));
        assert.equal(alone, together.slice(i * 10, i * 10 + 10));
      }
      await session.close();
    }
  });

  test("a published checkpoint predicts what is published", async () => {
    const session = await (await openRuntime(name)).load(theorem1);
    assert.equal(predict(await session.run(images)), theorem1Published);
    await session.close();
  });

  test("sessions are apart from each other, and closing one leaves the other", async () => {
    const runtime = await openRuntime(name);
    const first = await runtime.load(firstBytesModel());
    const second = await runtime.load(linearModel());
    const one = images.subarray(0, IMAGE_BYTES);
    const before = (await second.run(one)).slice();
    await first.close();
    assert.equal(await second.run(one), before);
    await second.close();
  });

  test("what is no ONNX file is refused with one line", async () => {
    const one = /^the (file is no ONNX model|runtime refuses the model)$/;
    assert.match(await refusal(name, new TextEncoder().encode("not an ONNX file")), one);
    assert.match(await refusal(name, new Uint8Array(0)), one);
    assert.match(await refusal(name, linearModel().slice(0, 5000)), one);
  });

  test("a file of another shape is refused with the right one", async () => {
    assert.is(
      await refusal(name, linearModel([1, 30, 30])),
      "the model is not one of images uint8 [N, 3, 32, 32]; logits float32 [N, 10] or images uint8 [N, 1, 28, 28]; logits float32 [N, 10]",
    );
  });

  test.run();
}
