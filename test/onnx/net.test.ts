/** The exported file against the net as it was trained, on both ONNX runtimes and real images. */
import { fromBinary, toJsonString } from "@bufbuild/protobuf";
import * as tf from "@tensorflow/tfjs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import { readExamples } from "../../src/datasets/cifar10.ts";
import { predict } from "../../src/evaluation/evaluate.ts";
import { largestDeviation } from "../../src/evaluation/margin.ts";
import { publishedIds } from "../../src/evaluation/published.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { INPUT, type Net, parameterCount, statisticsOf, weightsOf } from "../../src/nets/net.ts";
import { NETS } from "../../src/nets/registry.ts";
import { exportNet } from "../../src/onnx/net.ts";
import { ModelProtoSchema, NodeProtoSchema } from "../../src/onnx/onnx_pb.ts";
import { countWeights } from "../../src/onnx/weights.ts";
import { keyed } from "../../src/prng.ts";
import type { TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";
import { logits, type Moments } from "../../src/training/forward.ts";
import { initialState } from "../../src/training/initialize.ts";
import { CENTRE, STANDARDIZED, standardize } from "../../src/training/standardize.ts";
import type { State } from "../../src/training/stepper.ts";

const COUNT = 10;
const dataset = await openDataset();
const { images } = await readExamples(dataset, "test", 0, COUNT);
const standardized = new Float32Array(COUNT * STANDARDIZED);
for (let i = 0; i < COUNT; i++) {
  const image = images.subarray(i * 3072, (i + 1) * 3072);
  standardize(image, CENTRE, CENTRE, standardized, i * STANDARDIZED);
}

/** Weights as training starts with, but offsets that a wrong export would lose. */
function randomState(net: Net): State {
  const state = initialState(net, 3);
  for (const [i, [name, values]] of [...state].entries()) {
    const { next } = keyed("test", 0, i);
    if (/\/(bias|offset)$/.test(name)) {
      for (const k of values.keys()) values[k] = next() / 2 ** 32 - 0.5;
    }
  }
  return state;
}

for (const [name, net] of Object.entries(NETS)) {
  test(`${name}: tfjs, native and wasm agree`, async () => {
    const state = randomState(net);
    const moments: Moments = {};
    const tensors = Object.fromEntries([...state].map(([key, values]) => [key, tf.tensor(values)]));
    for (const { name: key, shape } of weightsOf(net)) {
      tensors[key] = tf.reshape(tensors[key] as tf.Tensor, shape);
    }
    const out = logits(net, tensors, tf.tensor4d(standardized, [COUNT, ...INPUT]), moments);
    const expected = (await out.data()) as Float32Array;
    // In training mode batch norm uses the batch's own moments; the file gets them as averages.
    for (const { name: key } of statisticsOf(net)) {
      state.set(key, new Float32Array(await (moments[key] as tf.Tensor).data()));
    }
    const model = exportNet(net, state, { id: "test" });
    assert.is(countWeights(model), parameterCount(net));
    for (const runtime of ["native", "wasm"] as const) {
      const session = await (await openRuntime(runtime)).load(model);
      const got = await session.run(images);
      await session.close();
      assert.equal(predict(got), predict(expected), runtime);
      assert.ok(largestDeviation(got, expected) < 1e-4, `${runtime}: logits within 1e-4`);
    }
  });
}

test("published files are the graphs that the nets export, with all their constants", async () => {
  const ids = (await publishedIds(project)).filter((id) => RECIPES[id]?.kind === "training");
  assert.ok(ids.length > 0);
  const nodesOf = (model: Uint8Array) =>
    fromBinary(ModelProtoSchema, model).graph?.node.map((node) =>
      toJsonString(NodeProtoSchema, node),
    );
  for (const id of ids) {
    const net = NETS[(RECIPES[id] as TrainingRecipe).net];
    const exported = nodesOf(exportNet(net, initialState(net, 0), {}));
    assert.equal(nodesOf(await project.read(`models/${id}/model.onnx`)), exported, id);
  }
});

test.run();
