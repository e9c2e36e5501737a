/** `fixtures <id>`: evaluates a checkpoint whole and writes its fixture. */
import { SPLITS, type Split } from "../datasets/cifar10.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import { sha256Hex } from "../datasets/digest.ts";
import { publish, shardCount } from "../evaluation/publish.ts";
import {
  predictionsFile,
  publishedIds,
  readCheckpoint,
  readModel,
} from "../evaluation/published.ts";
import { onCores } from "../evaluation/runtimes/cores.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import { openDataset } from "../local/dataset.ts";
import { wasmFile } from "../npm/onnxruntime-web.ts";
import { checkWritable, writeWhole } from "../local/folder.ts";
import { HOME, project, publishedId } from "../local/project.ts";
import { sortedJson } from "../sorted-json.ts";
import { print } from "../print.ts";

/** @param reference examples of a split that wasm evaluates where the net is convolutional */
export async function fixtures(name: string, reference: number): Promise<void> {
  const id = publishedId(name, await publishedIds(project));
  const path = join(HOME, "fixtures", `${id}.json`);
  const predictionsPath = (split: Split) => join(HOME, "fixtures", predictionsFile(id, split));
  for (const file of [path, ...SPLITS.map(predictionsPath)]) await checkWritable(file);
  const checkpoint = await readCheckpoint(project, id);
  const model = await readModel(project, checkpoint);
  const [dataset, native, wasm] = [
    await openDataset(checkpoint.recipe.view.dataset),
    await openRuntime("native"),
    onCores(await openRuntime("wasm")),
  ];
  const wasmSha256 = await sha256Hex(new Uint8Array(await readFile(wasmFile())));
  const bar = new SingleBar({
    format: `${id} {bar} {value}/{total} shards`,
    stream: process.stderr,
  });
  bar.start(shardCount(checkpoint), 0);
  const { fixture, predictions } = await publish(
    dataset,
    checkpoint,
    model,
    native,
    wasm,
    wasmSha256,
    () => bar.increment(),
    reference,
  ).finally(() => {
    bar.stop();
    wasm.stop();
  });
  for (const split of SPLITS) await writeWhole(predictionsPath(split), predictions[split]);
  await writeWhole(path, sortedJson(fixture));
  const { train, test } = fixture.splits;
  print(
    `fixtures/${id}.json: train ${train.correct}/${train.total}, test ${test.correct}/${test.total}, gap ${fixture.gap.numerator}/${fixture.gap.denominator}`,
  );
}
