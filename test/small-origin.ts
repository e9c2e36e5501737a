/** A static origin of one network and one block of test images, as `rethink publish` writes them. */
import { CIFAR10_FILES } from "../src/datasets/cifar10.ts";
import { blockAddress, type RecordFile } from "../src/datasets/records.ts";
import { readFixture } from "../src/evaluation/published.ts";
import { openDataset } from "../src/local/dataset.ts";
import { project } from "../src/local/project.ts";
import { type Published, publishInto } from "../src/local/publish.ts";

export const NET = "mlp-1x512.true";
export const MODEL = `models/${NET}/model.onnx`;
export const BLOCK = blockAddress(CIFAR10_FILES.at(-1) as RecordFile, 0); // of test_batch.bin
const RECORD_BYTES = 3073;

async function* files() {
  const { splits } = await readFixture(project, NET);
  for (const path of [
    MODEL,
    `models/${NET}/checkpoint.json`,
    `models/${NET}/history.json`,
    `fixtures/${NET}.json`,
    ...Object.values(splits).map(({ predictions }) => `fixtures/${predictions.file}`),
  ]) {
    yield { path, bytes: await project.read(path) };
  }
  const dataset = await openDataset();
  const bytes = await dataset.read("cifar10/test_batch.bin", 0, 1000 * RECORD_BYTES);
  yield { path: BLOCK, bytes, partOf: "cifar10/test_batch.bin" };
}

/** Writes it into a folder. */
export async function publishSmall(folder: string): Promise<Published> {
  return await publishInto(folder, files());
}

/** The first 1,000 test images, evaluated by wasm, and the published digest of their logits. */
export const EVALUATION = `/v1/checkpoints/${NET}/evaluations/test?runtime=wasm&end=1000`;

export async function publishedDigest(): Promise<string> {
  const [first] = (await readFixture(project, NET)).splits.test.reference;
  if (first?.start !== 0 || first.end !== 1000) throw new Error("the fixture has another range");
  return first.logitsSha256;
}
