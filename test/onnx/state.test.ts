/** A model file gives back what was trained, and a published one is what its own weights export to. */
import { execFileSync } from "node:child_process";
import { fromBinary } from "@bufbuild/protobuf";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MismatchError } from "../../src/datasets/storage.ts";
import { publishedIds, readCheckpoint } from "../../src/evaluation/published.ts";
import { PROJECT } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import type { Net } from "../../src/nets/net.ts";
import { NETS } from "../../src/nets/registry.ts";
import { exportNet } from "../../src/onnx/net.ts";
import { ModelProtoSchema } from "../../src/onnx/onnx_pb.ts";
import { readState } from "../../src/onnx/state.ts";
import { initialState } from "../../src/training/initialize.ts";

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

for (const net of Object.values(NETS)) {
  test(`${net.name}: weights and averages go into the file and come back`, () => {
    const state = initialState(net, 5);
    for (const [name, values] of readState(net, exportNet(net, state, {})))
      assert.equal(values, state.get(name), name);
  });
}

test("the file of another net is refused by the first weight that it lacks", () => {
  const model = exportNet(NETS["mlp-1x512"] as Net, initialState(NETS["mlp-1x512"] as Net, 0), {});
  try {
    readState(NETS.alexnet as Net, model);
    assert.unreachable("it was read");
  } catch (error) {
    assert.instance(error, MismatchError);
    assert.match((error as Error).message, /the model file has no conv1\/kernel of alexnet's size/);
  }
});

const ids = await publishedIds(project);

test("a published file is what its own weights export to", async () => {
  let compared = 0;
  for (const id of ids) {
    const { recipe, recipeDigest } = await readCheckpoint(project, id);
    if (recipe.kind !== "training") continue;
    const net = NETS[recipe.net] as Net;
    const bytes = await project.read(`models/${id}/model.onnx`);
    const again = exportNet(net, readState(net, bytes), { id, recipeDigest });
    assert.ok(same(bytes, again), id);
    compared++;
  }
  assert.ok(compared > 0);
});

/** The initializers with a slash in their net's own names: what was trained or averaged. */
function trained(model: Uint8Array): Map<string, Uint8Array> {
  const tensors = fromBinary(ModelProtoSchema, model).graph?.initializer ?? [];
  return new Map(
    tensors
      .filter(({ name }) => !/^(crop|image|deviation)\//.test(name))
      .map(({ name, dims, rawData }) => [`${name} ${dims}`, rawData]),
  );
}

test("a file exported anew has the weights of the file before, bit for bit", async () => {
  const git = (...args: string[]) =>
    execFileSync("git", args, {
      cwd: PROJECT,
      maxBuffer: 1 << 26,
      stdio: ["ignore", "pipe", "pipe"],
    });
  let compared = 0;
  for (const id of ids) {
    const { exported } = await readCheckpoint(project, id);
    if (!exported) continue;
    const path = `models/${id}/model.onnx`;
    let before: Uint8Array;
    try {
      before = git("show", `${exported.sourceCommit}:${path}`);
    } catch {
      continue; // a clone without that commit, or a file that was never committed as trained
    }
    const [old, anew] = [trained(before), trained(await project.read(path))];
    assert.equal([...anew.keys()], [...old.keys()], id);
    for (const [name, bytes] of anew) assert.ok(same(bytes, old.get(name) as Uint8Array), name);
    compared++;
  }
  if (compared === 0) console.log("skipped: weights before and after: this clone has no history");
});

test.run();
