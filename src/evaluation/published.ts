/** A published checkpoint as read from storage, every byte checked against its digest. */
import { commandLine } from "../command.ts";
import { SPLITS, type Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { CheckpointError, InputError, MismatchError, type Storage } from "../datasets/storage.ts";
import { viewSize } from "../datasets/view.ts";
import type { History } from "../history.ts";
import { RECIPES } from "../recipes.ts";
import { type Checkpoint, CheckpointSchema } from "./checkpoint.ts";
import { type Fixture, parseFixture } from "./fixture.ts";
import { readGiven } from "./given.ts";
import { predictionsFile, type Project } from "./project.ts";
import { parseHistory } from "./history.ts";
import { normOfKernels } from "../onnx/norm.ts";
import { countWeights } from "../onnx/weights.ts";
import { canonicalDigest, canonicalForm } from "../recipe.ts";
import { parseAs } from "./parse.ts";
import {
  checkDigest,
  parsePublished,
  publishedText,
  RESTORE,
  readPublishedFile,
} from "./published-file.ts";

export {
  isPublished,
  knownIds,
  mayBe,
  type Project,
  predictionsFile,
  publishedIds,
} from "./project.ts";

/** What decides claims of a checkpoint: all but its model. */
export interface Deciding {
  checkpoint: Checkpoint;
  fixture: Fixture;
  history: History;
  /** uint8, one a test example. */
  predictions: { test: Uint8Array<ArrayBuffer> };
}

export interface Published extends Deciding {
  /** Of fixtures/<id>.json as it is on disk, what sha256sum prints. */
  fixtureSha256: string;
  model: Uint8Array<ArrayBuffer>;
  /** uint8, one an example of the split. */
  predictions: Record<Split, Uint8Array<ArrayBuffer>>;
}

/**
 * models/<id>/checkpoint.json; of a pack's network that has none, what its other files tell.
 * @throws MismatchError unless it is of this id, made by this id's recipe.
 */
export async function readCheckpoint(project: Project, id: string): Promise<Checkpoint> {
  const file = `models/${id}/checkpoint.json`;
  if (project.ids && !(await project.exists(file))) return await readGiven(project, id);
  const text = publishedText(file, await readPublishedFile(project, file));
  const checkpoint = parsePublished(() => parseAs(CheckpointSchema, text, file));
  if (checkpoint.id !== id) throw new MismatchError(`${file} is of another checkpoint`);
  const recipe = project.ids ? checkpoint.recipe : RECIPES[id];
  const [asked, made] = await Promise.all([recipe, checkpoint.recipe].map(canonicalDigest));
  if (made !== asked || made !== checkpoint.recipeDigest) {
    throw new MismatchError(`${file} was made by another recipe than ${id}'s in src/recipes.ts`);
  }
  return checkpoint;
}

/** models/<id>/model.onnx; its digest, its weights and a net's norm are checked against checkpoint.json. */
export async function readModel(project: Storage, { id, model }: Checkpoint) {
  const file = `models/${id}/model.onnx`;
  const bytes = await readPublishedFile(project, file);
  await checkDigest(file, bytes, model.sha256);
  const weights = parsePublished(() => countWeights(bytes, file));
  if (weights !== model.parameters) {
    throw new MismatchError(
      `${file} has ${weights} weights, not the published ${model.parameters}`,
    );
  }
  const norm = parsePublished(() => normOfKernels(bytes)); // of a kernel machine only logits tell
  if (norm !== undefined && model.norm !== undefined && norm !== model.norm)
    throw new MismatchError(`${file} has norm ${norm}, not the published ${model.norm}`);
  return bytes;
}

/** @throws MismatchError unless the fixture is of this model, on all of its recipe's view. */
export function checkFixture(fixture: Fixture, checkpoint: Checkpoint): void {
  const { id, model, recipe, preprocessing } = checkpoint;
  const name = `fixtures/${id}.json`;
  const same = (a: unknown = {}, b: unknown = {}) =>
    `${canonicalForm(a)}` === `${canonicalForm(b)}`;
  if (fixture.sha256 !== model.sha256) {
    throw new MismatchError(
      `${name} is of another model.onnx than models/${id}/checkpoint.json; restore both, or make it anew: ${commandLine("fixtures", id)}`,
    );
  }
  if (!same(fixture.view, recipe.view)) {
    throw new MismatchError(`${name} has another view than models/${id}/checkpoint.json`);
  }
  if (!same(fixture.preprocessing, preprocessing))
    throw new MismatchError(`${name} has another preprocessing than models/${id}/checkpoint.json`);
  for (const split of SPLITS) {
    const [total, all] = [fixture.splits[split].total, viewSize(recipe.view, split)];
    if (total !== all) throw new MismatchError(`${name} counts ${total} of ${split}'s ${all}`);
    const { file } = fixture.splits[split].predictions;
    if (file !== predictionsFile(id, split))
      throw new MismatchError(`${name} names another file than ${predictionsFile(id, split)}`);
  }
}

async function readFixtureBytes(project: Storage, id: string) {
  const path = `fixtures/${id}.json`;
  const remedy = `${RESTORE}, or make it: ${commandLine("fixtures", id)}`;
  return await readPublishedFile(project, path, remedy);
}

function parseFixtureBytes(bytes: Uint8Array, id: string): Fixture {
  const text = publishedText(`fixtures/${id}.json`, bytes);
  return parsePublished(() => parseFixture(text, id));
}

/** fixtures/<id>.json. */
export async function readFixture(project: Storage, id: string): Promise<Fixture> {
  return parseFixtureBytes(await readFixtureBytes(project, id), id);
}

/** models/<id>/history.json; its digest is checked against checkpoint.json. */
export async function readHistory(
  project: Storage,
  { id, recipe, history }: Checkpoint,
): Promise<History> {
  if (recipe.kind === "given") return [];
  const path = `models/${id}/history.json`;
  const bytes = await readPublishedFile(project, path);
  await checkDigest(path, bytes, history.sha256);
  return parsePublished(() => parseHistory(publishedText(path, bytes), id));
}

/** The predictions of a split; their digest is checked against the fixture. */
async function readPredictions(project: Storage, { checkpoint, splits }: Fixture, split: Split) {
  const { file, sha256 } = splits[split].predictions;
  const path = `fixtures/${file}`;
  const bytes = await readPublishedFile(project, path);
  const remedy = `restore it, or make it anew: ${commandLine("fixtures", checkpoint)}`;
  await checkDigest(path, bytes, sha256, remedy);
  return bytes;
}

/** @throws MismatchError where bytes and digests disagree or a file is missing */
export async function readDeciding(
  project: Project,
  id: string,
): Promise<Deciding & Pick<Published, "fixtureSha256">> {
  const checkpoint = await readCheckpoint(project, id);
  const fixtureBytes = await readFixtureBytes(project, id);
  const fixture = parseFixtureBytes(fixtureBytes, id);
  const history = await readHistory(project, checkpoint);
  checkFixture(fixture, checkpoint);
  const predictions = { test: await readPredictions(project, fixture, "test") };
  const fixtureSha256 = await sha256Hex(fixtureBytes);
  return { checkpoint, fixture, history, predictions, fixtureSha256 };
}

async function readAll(project: Project, id: string): Promise<Published> {
  const deciding = await readDeciding(project, id);
  const { checkpoint, fixture } = deciding;
  const model = await readModel(project, checkpoint);
  const train = await readPredictions(project, fixture, "train");
  return { ...deciding, model, predictions: { ...deciding.predictions, train } };
}

/**
 * Everything published of a checkpoint.
 * @throws MismatchError where bytes and digests disagree or a file is missing, CheckpointError
 *   where one cannot be read here.
 */
export async function readPublished(project: Project, id: string): Promise<Published> {
  try {
    return await readAll(project, id);
  } catch (error) {
    throw error instanceof InputError ? CheckpointError.of(error) : error;
  }
}
