/** `export <id…>`: writes model files anew from their own weights, by the graph that is exported today. */
import { join } from "node:path";
import { sha256Hex } from "../datasets/digest.ts";
import { MismatchError } from "../datasets/storage.ts";
import type { Checkpoint } from "../evaluation/checkpoint.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { logitsDigest } from "../evaluation/compare.ts";
import type { Fixture } from "../evaluation/fixture.ts";
import { publishedIds, readCheckpoint, readFixture, readModel } from "../evaluation/published.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import { openDataset } from "../local/dataset.ts";
import { writeWhole } from "../local/folder.ts";
import { HOME, project, publishedId } from "../local/project.ts";
import { sourceCommit } from "../local/source-commit.ts";
import { NETS } from "../nets/registry.ts";
import { exportNet } from "../onnx/net.ts";
import { readState } from "../onnx/state.ts";
import { sortedJson } from "../sorted-json.ts";

/**
 * @throws MismatchError unless a file gives, on wasm, the logits that its fixture has of the first
 *   shard of each split: it then computes the same, and the fixture goes on holding.
 */
async function checkLogits(model: Uint8Array<ArrayBuffer>, fixture: Fixture): Promise<void> {
  const dataset = await openDataset();
  const session = await (await openRuntime("wasm")).load(model);
  for (const split of ["train", "test"] as const) {
    const shards = fixture.splits[split].reference.slice(0, 1);
    for await (const { start, end, logits } of evaluate(
      dataset,
      fixture.view,
      session,
      split,
      shards,
    )) {
      if ((await logitsDigest(logits)) === shards[0]?.logitsSha256) continue;
      throw new MismatchError(
        `the file exported anew gives other logits on ${split} ${start} to ${end} than fixtures/${fixture.checkpoint}.json has; nothing was written`,
      );
    }
  }
  await session.close();
}

async function exportAnew(id: string, commit: string): Promise<string> {
  const checkpoint = await readCheckpoint(project, id);
  const { recipe, recipeDigest, model, exported } = checkpoint;
  if (recipe.kind !== "training") return "was constructed, not trained: left as it is";
  const net = NETS[recipe.net];
  const bytes = exportNet(net, readState(net, await readModel(project, checkpoint)), {
    id,
    recipeDigest,
  });
  const sha256 = await sha256Hex(bytes);
  if (sha256 === model.sha256) return "is what is exported today";
  // A checkpoint that was just trained has no fixture yet, and nothing to differ from.
  const there = await project.exists(`fixtures/${id}.json`);
  const fixture = there ? await readFixture(project, id) : undefined;
  if (fixture) await checkLogits(bytes, fixture);
  const anew: Checkpoint = {
    ...checkpoint,
    model: { ...model, sha256, bytes: bytes.length },
    exported: { trainedSha256: exported?.trainedSha256 ?? model.sha256, sourceCommit: commit },
  };
  const folder = join(HOME, "models", id);
  await writeWhole(join(folder, "model.onnx"), bytes);
  await writeWhole(join(folder, "checkpoint.json"), sortedJson(anew));
  if (fixture)
    await writeWhole(join(HOME, "fixtures", `${id}.json`), sortedJson({ ...fixture, sha256 }));
  return `${model.sha256} → ${sha256}${fixture ? ", the same logits" : ""}`;
}

/** @param names of checkpoints; all that are published where there are none */
export async function exportModels(names: string[]): Promise<void> {
  const published = await publishedIds(project);
  const ids = names.length > 0 ? names.map((name) => publishedId(name, published)) : published;
  const commit = sourceCommit();
  for (const id of ids) console.log(`models/${id}/model.onnx ${await exportAnew(id, commit)}`);
}
