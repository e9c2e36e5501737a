/** A published checkpoint as read from storage, every byte checked against its digest. */
import type { Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError, MismatchError, type Storage } from "../datasets/storage.ts";
import { viewSize } from "../datasets/view.ts";
import type { History } from "../history.ts";
import { RECIPES } from "../recipes.ts";
import { type Checkpoint, CheckpointSchema } from "./checkpoint.ts";
import { type Fixture, parseFixture } from "./fixture.ts";
import { parseHistory } from "./history.ts";
import { countWeights } from "../onnx/weights.ts";
import { canonicalDigest, canonicalForm } from "../recipe.ts";
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

/** What to do about published files that contradict each other. */
export const RESTORE = "restore it from the repository";

/** The ids of RECIPES that have a checkpoint, in the registry's order. */
export async function publishedIds(project: Storage): Promise<string[]> {
  const ids = Object.keys(RECIPES);
  const there = await Promise.all(ids.map((id) => project.exists(`models/${id}/checkpoint.json`)));
  return ids.filter((_, k) => there[k]);
}

/**
 * models/<id>/checkpoint.json.
 * @throws MismatchError unless it is of this id, made by this id's recipe.
 */
export async function readCheckpoint(project: Storage, id: string): Promise<Checkpoint> {
  const file = `models/${id}/checkpoint.json`;
  const text = new TextDecoder().decode(await project.read(file));
  const checkpoint = parseAs(CheckpointSchema, text, file);
  if (checkpoint.id !== id) throw new MismatchError(`${file} is of another checkpoint`);
  const [asked, made] = await Promise.all([RECIPES[id], checkpoint.recipe].map(canonicalDigest));
  if (made !== asked || made !== checkpoint.recipeDigest) {
    throw new MismatchError(`${file} was made by another recipe than ${id}'s in src/recipes.ts`);
  }
  return checkpoint;
}

/** @throws MismatchError where a fixture is left of a checkpoint that is gone: it would vanish silently. */
export async function checkNoneLost(project: Storage, published: string[]): Promise<void> {
  const others = Object.keys(RECIPES).filter((id) => !published.includes(id));
  const there = await Promise.all(others.map((id) => project.exists(`fixtures/${id}.json`)));
  const lost = others.find((_, k) => there[k]);
  if (lost) {
    throw new MismatchError(
      `fixtures/${lost}.json has no models/${lost}/checkpoint.json; restore it from the repository`,
    );
  }
}

/** models/<id>/model.onnx; its digest and its weights are checked against checkpoint.json. */
export async function readModel(project: Storage, { id, model }: Checkpoint) {
  const file = `models/${id}/model.onnx`;
  const bytes = await project.read(file);
  const sha256 = await sha256Hex(bytes);
  if (sha256 !== model.sha256) {
    throw new MismatchError(`${file} has SHA-256 ${sha256}, not the published ${model.sha256}`);
  }
  const weights = countWeights(bytes, file);
  if (weights !== model.parameters) {
    throw new MismatchError(
      `${file} has ${weights} weights, not the published ${model.parameters}`,
    );
  }
  return bytes;
}

/** Where the predictions of a split lie in fixtures/. */
export function predictionsFile(id: string, split: Split): string {
  return `predictions/${id}.${split}.bin`;
}

/** @throws MismatchError unless the fixture is of this model, on all of its recipe's view. */
export function checkFixture(fixture: Fixture, { id, model, recipe }: Checkpoint): void {
  const name = `fixtures/${id}.json`;
  const same = (a: unknown, b: unknown) => `${canonicalForm(a)}` === `${canonicalForm(b)}`;
  if (fixture.sha256 !== model.sha256) {
    throw new MismatchError(
      `${name} is of another model.onnx than models/${id}/checkpoint.json; restore both, or make it anew: npm run fixtures -- ${id}`,
    );
  }
  if (!same(fixture.view, recipe.view)) {
    throw new MismatchError(`${name} has another view than models/${id}/checkpoint.json`);
  }
  for (const split of ["train", "test"] as const) {
    const [total, all] = [fixture.splits[split].total, viewSize(recipe.view, split)];
    if (total !== all) throw new MismatchError(`${name} counts ${total} of ${split}'s ${all}`);
    const { file } = fixture.splits[split].predictions;
    if (file !== predictionsFile(id, split))
      throw new MismatchError(`${name} names another file than ${predictionsFile(id, split)}`);
  }
}

async function readFixtureBytes(project: Storage, id: string) {
  const path = `fixtures/${id}.json`;
  if (await project.exists(path)) return await project.read(path);
  throw new InputError(
    `${path} is missing; restore it from the repository, or make it: npm run fixtures -- ${id}`,
  );
}

/** fixtures/<id>.json. */
export async function readFixture(project: Storage, id: string): Promise<Fixture> {
  return parseFixture(new TextDecoder().decode(await readFixtureBytes(project, id)), id);
}

/** models/<id>/history.json; its digest is checked against checkpoint.json. */
export async function readHistory(project: Storage, { id, history }: Checkpoint): Promise<History> {
  const bytes = await project.read(`models/${id}/history.json`);
  const sha256 = await sha256Hex(bytes);
  if (sha256 !== history.sha256) {
    throw new MismatchError(
      `models/${id}/history.json has SHA-256 ${sha256}, not the published ${history.sha256}`,
    );
  }
  return parseHistory(new TextDecoder().decode(bytes), id);
}

/**
 * Everything published of a checkpoint.
 * @throws MismatchError where bytes and digests disagree, InputError where something is missing.
 */
export async function readPublished(project: Storage, id: string): Promise<Published> {
  const checkpoint = await readCheckpoint(project, id);
  const fixtureBytes = await readFixtureBytes(project, id);
  const fixture = parseFixture(new TextDecoder().decode(fixtureBytes), id);
  const history = await readHistory(project, checkpoint);
  const model = await readModel(project, checkpoint);
  checkFixture(fixture, checkpoint);
  async function predictionsOf(split: Split) {
    const { file, sha256 } = fixture.splits[split].predictions;
    const bytes = await project.read(`fixtures/${file}`);
    if ((await sha256Hex(bytes)) !== sha256)
      throw new MismatchError(
        `fixtures/${file} is not the published one; restore it, or make it anew: npm run fixtures -- ${id}`,
      );
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
