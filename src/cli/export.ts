/** `export <id…>`: writes model files anew from their own weights, by the graph that is exported today. */
import { SPLITS } from "../datasets/cifar10.ts";
import { join } from "node:path";
import { sha256Hex } from "../datasets/digest.ts";
import { MismatchError } from "../datasets/storage.ts";
import { readView, type View } from "../datasets/view.ts";
import type { Checkpoint } from "../evaluation/checkpoint.ts";
import { BATCH } from "../evaluation/evaluate.ts";
import { logitsDigest } from "../evaluation/compare.ts";
import {
  checkFixture,
  publishedIds,
  readCheckpoint,
  readFixture,
  readModel,
} from "../evaluation/published.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import type { Runtime } from "../evaluation/runtimes/runtime.ts";
import { openDataset } from "../local/dataset.ts";
import { writeWhole } from "../local/folder.ts";
import { HOME, project, publishedId } from "../local/project.ts";
import { sourceCommit } from "../local/source-commit.ts";
import { NETS } from "../nets/registry.ts";
import { OPSET } from "../onnx/graph.ts";
import { exportNet } from "../onnx/net.ts";
import { readState } from "../onnx/state.ts";
import { sortedJson } from "../sorted-json.ts";
import { print } from "../print.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The logits of the first images of both splits, as bytes; a runtime's bits depend on nothing else. */
async function logitsOf(model: Bytes, runtime: Runtime, view: View) {
  const dataset = await openDataset();
  const session = await runtime.load(model);
  const digests: string[] = [];
  for (const split of SPLITS) {
    const { images } = await readView(dataset, view, split, 0, BATCH);
    digests.push(await logitsDigest(await session.run(images)));
  }
  await session.close();
  return digests.join();
}

/** @throws MismatchError unless both files give the same logits, bit for bit, on both runtimes. */
async function checkSame(before: Bytes, anew: Bytes, { id, recipe }: Checkpoint): Promise<void> {
  for (const name of ["native", "wasm"] as const) {
    const runtime = await openRuntime(name);
    const [old, now] = [
      await logitsOf(before, runtime, recipe.view),
      await logitsOf(anew, runtime, recipe.view),
    ];
    if (old !== now)
      throw new MismatchError(
        `${id} exported anew gives other logits on ${runtime.package}; nothing was written: its fixture would no longer hold`,
      );
  }
}

async function exportAnew(id: string, commit: string): Promise<string> {
  const checkpoint = await readCheckpoint(project, id);
  const { recipe, recipeDigest, model, exported } = checkpoint;
  if (recipe.kind !== "training") return "was made without training: left as it is";
  const net = NETS[recipe.net];
  // A checkpoint that was just trained has no fixture yet; one that holds today goes on to hold.
  const path = `fixtures/${id}.json`;
  const fixture = (await project.exists(path)) ? await readFixture(project, id) : undefined;
  if (fixture) checkFixture(fixture, checkpoint);
  const before = await readModel(project, checkpoint);
  const bytes = exportNet(net, readState(net, before), { id, recipeDigest });
  const sha256 = await sha256Hex(bytes);
  if (sha256 === model.sha256) return "is what is exported today";
  await checkSame(before, bytes, checkpoint);
  const anew: Checkpoint = {
    ...checkpoint,
    model: { ...model, sha256, bytes: bytes.length, opset: OPSET },
    exported: { trainedSha256: exported?.trainedSha256 ?? model.sha256, sourceCommit: commit },
  };
  const folder = join(HOME, "models", id);
  await writeWhole(join(folder, "model.onnx"), bytes);
  await writeWhole(join(folder, "checkpoint.json"), sortedJson(anew));
  if (fixture) await writeWhole(join(HOME, path), sortedJson({ ...fixture, sha256 }));
  return `${model.sha256} → ${sha256}, the same logits`;
}

/** @param names of checkpoints; all that are published where there are none */
export async function exportModels(names: string[]): Promise<void> {
  const published = await publishedIds(project);
  const ids = names.length > 0 ? names.map((name) => publishedId(name, published)) : published;
  const commit = sourceCommit();
  for (const id of ids) print(`models/${id}/model.onnx ${await exportAnew(id, commit)}`);
}
