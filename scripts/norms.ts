/**
 * norms [ID...]: writes the norm of published models into their checkpoint.json, from the model file;
 * of a kernel machine from its logits on all training images, too, which takes minutes.
 */
import { join } from "node:path";
import { InputError, MismatchError } from "../src/datasets/storage.ts";
import { viewSize } from "../src/datasets/view.ts";
import type { Checkpoint } from "../src/evaluation/checkpoint.ts";
import { CLASSES, evaluate } from "../src/evaluation/evaluate.ts";
import { loadModel } from "../src/evaluation/external.ts";
import { publishedIds, readCheckpoint, readModel } from "../src/evaluation/published.ts";
import { openRuntime } from "../src/evaluation/runtimes/open.ts";
import { openDataset } from "../src/local/dataset.ts";
import { writeWhole } from "../src/local/folder.ts";
import { HOME, project, publishedId } from "../src/local/project.ts";
import { normOfKernels, normOfMachine } from "../src/onnx/norm.ts";
import { print, printError } from "../src/print.ts";
import { sortedJson } from "../src/sorted-json.ts";

const SHARD = 1000;

async function machineNorm(checkpoint: Checkpoint, model: Uint8Array<ArrayBuffer>) {
  const { view } = checkpoint.recipe;
  const dataset = await openDataset(view.dataset);
  const session = await loadModel(await openRuntime("native"), dataset, checkpoint, model);
  const size = viewSize(view, "train");
  const shards = Array.from({ length: Math.ceil(size / SHARD) }, (_, k) => ({
    start: k * SHARD,
    end: Math.min(size, (k + 1) * SHARD),
  }));
  const logits = new Float32Array(size * CLASSES);
  for await (const shard of evaluate(dataset, view, session, "train", shards))
    logits.set(shard.logits, shard.start * CLASSES);
  await session.close();
  return normOfMachine(model, logits);
}

async function norms(names: string[]): Promise<void> {
  const published = await publishedIds(project);
  const ids = names.length > 0 ? names.map((name) => publishedId(name, published)) : published;
  for (const id of ids) {
    const checkpoint = await readCheckpoint(project, id);
    const model = await readModel(project, checkpoint);
    const { kind } = checkpoint.recipe;
    const norm = kind === "kernel" ? await machineNorm(checkpoint, model) : normOfKernels(model);
    if (norm === undefined) continue;
    const known = checkpoint.model.norm;
    const anew: Checkpoint = { ...checkpoint, model: { ...checkpoint.model, norm } };
    if (norm !== known)
      await writeWhole(join(HOME, "models", id, "checkpoint.json"), sortedJson(anew));
    print(`${id} ${norm}${known === undefined || known === norm ? "" : `, not ${known}`}`);
  }
}

try {
  await norms(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError || error instanceof MismatchError)) throw error;
  printError(`norms: ${error.message}`);
  process.exitCode = error instanceof MismatchError ? 1 : 2;
}
