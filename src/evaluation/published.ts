/** A published checkpoint as read from storage, every byte checked against its digest. */
import type { Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { MismatchError, type Storage } from "../datasets/storage.ts";
import type { History } from "../history.ts";
import { RECIPES } from "../recipes.ts";
import { type Checkpoint, CheckpointSchema } from "./checkpoint.ts";
import { type Fixture, parseFixture } from "./fixture.ts";
import { parseHistory } from "./history.ts";
import { countWeights } from "../onnx/weights.ts";
import { parseAs } from "./parse.ts";

export interface Published {
  checkpoint: Checkpoint;
  fixture: Fixture;
  history: History;
  /** Of fixtures/<id>.json as it is on disk, what sha256sum prints. */
  fixtureSha256: string;
  model: Uint8Array<ArrayBuffer>;
  /** uint8, one an example of the split. */
  predictions: Record<Split, Uint8Array<ArrayBuffer>>;
}

/** The ids of RECIPES that have a checkpoint, in the registry's order. */
export async function publishedIds(project: Storage): Promise<string[]> {
  const ids = Object.keys(RECIPES);
  const sizes = await Promise.all(ids.map((id) => project.size(`models/${id}/checkpoint.json`)));
  return ids.filter((_, k) => sizes[k] !== undefined);
}

/** models/<id>/checkpoint.json. */
export async function readCheckpoint(project: Storage, id: string): Promise<Checkpoint> {
  const file = `models/${id}/checkpoint.json`;
  const text = new TextDecoder().decode(await project.read(file));
  return parseAs(CheckpointSchema, text, file);
}

/** models/<id>/model.onnx; its digest and its weights are checked against checkpoint.json. */
export async function readModel(project: Storage, { id, model }: Checkpoint) {
  const bytes = await project.read(`models/${id}/model.onnx`);
  const sha256 = await sha256Hex(bytes);
  if (sha256 !== model.sha256) {
    throw new MismatchError(
      `models/${id}/model.onnx has SHA-256 ${sha256}, not the published ${model.sha256}`,
    );
  }
  const weights = countWeights(bytes);
  if (weights !== model.parameters) {
    throw new MismatchError(
      `models/${id}/model.onnx has ${weights} weights, not the published ${model.parameters}`,
    );
  }
  return bytes;
}

/** fixtures/<id>.json. */
export async function readFixture(project: Storage, id: string): Promise<Fixture> {
  return parseFixture(new TextDecoder().decode(await project.read(`fixtures/${id}.json`)), id);
}

/** models/<id>/history.json. */
export async function readHistory(project: Storage, id: string): Promise<History> {
  return parseHistory(
    new TextDecoder().decode(await project.read(`models/${id}/history.json`)),
    id,
  );
}

/**
 * Everything published of a checkpoint.
 * @throws MismatchError where bytes and digests disagree, InputError where something is missing.
 */
export async function readPublished(project: Storage, id: string): Promise<Published> {
  const checkpoint = await readCheckpoint(project, id);
  const fixtureBytes = await project.read(`fixtures/${id}.json`);
  const fixture = parseFixture(new TextDecoder().decode(fixtureBytes), id);
  const history = await readHistory(project, id);
  const model = await readModel(project, checkpoint);
  if (fixture.sha256 !== checkpoint.model.sha256) {
    throw new MismatchError(
      `fixtures/${id}.json is of another model.onnx than models/${id}/checkpoint.json`,
    );
  }
  async function predictionsOf(split: Split) {
    const { file, sha256 } = fixture.splits[split].predictions;
    const bytes = await project.read(`fixtures/predictions/${id}.${split}.bin`);
    if ((await sha256Hex(bytes)) !== sha256)
      throw new MismatchError(`fixtures/${file} is not the published one`);
    return bytes;
  }
  return {
    checkpoint,
    fixture,
    history,
    fixtureSha256: await sha256Hex(fixtureBytes),
    model,
    predictions: { train: await predictionsOf("train"), test: await predictionsOf("test") },
  };
}
