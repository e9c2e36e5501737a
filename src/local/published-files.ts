/** What is published here, as files of a static origin: for handlers without a disk, and for browsers. */
import { SPLITS } from "../datasets/cifar10.ts";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type DatasetName, datasetOf } from "../datasets/datasets.ts";
import type { Labels } from "../datasets/labels.ts";
import { BLOCK_RECORDS, blockAddress, type RecordFile, readRecords } from "../datasets/records.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { readLabels, type View, viewSize } from "../datasets/view.ts";
import { knownIds, readPublished } from "../evaluation/published.ts";
import { openDataset } from "./dataset.ts";
import { HOME, project } from "./project.ts";

export interface PublishedFile {
  path: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** The file that this is the next part of. */
  partOf?: string;
  /** What gives the labels that it holds. */
  labels?: Labels;
}

/** Beside the models, what a reader of them wants; an older project may not have all. */
const PAPERS = ["scripts/audit.py", "scripts/decide.py", "LICENSE", "TERMS.md", "CITATION.cff"];

async function* checkpointFiles(id: string, views: View[]): AsyncGenerator<PublishedFile> {
  const { checkpoint, model, predictions, fixture } = await readPublished(project, id); // checks digests
  views.push(checkpoint.recipe.view);
  yield { path: `models/${id}/model.onnx`, bytes: model };
  for (const split of SPLITS) {
    const path = `fixtures/${fixture.splits[split].predictions.file}`;
    yield { path, bytes: predictions[split] };
  }
  for (const path of [
    `models/${id}/checkpoint.json`,
    `models/${id}/history.json`,
    `models/${id}/README.md`,
    `fixtures/${id}.json`,
  ]) {
    if (await project.exists(path)) yield { path, bytes: await project.read(path) };
  }
}

async function* documents(ids: string[]): AsyncGenerator<PublishedFile> {
  const own = new Set(ids.map((id) => `${id}.json`));
  const names = (await readdir(join(HOME, "fixtures"))).filter((name) => /\.(json|md)$/.test(name));
  const shared = names.filter((name) => !own.has(name)).sort();
  for (const path of [...shared.map((name) => `fixtures/${name}`), ...PAPERS]) {
    if (await project.exists(path)) yield { path, bytes: await project.read(path) };
  }
}

/** A dataset's file in blocks: hosts that answer no range or no large file can serve these. */
async function* blocks(dataset: Storage, file: RecordFile): AsyncGenerator<PublishedFile> {
  if (file.headerBytes > 0) {
    const bytes = await dataset.read(file.path, 0, file.headerBytes);
    yield { path: `${file.path}/header.bin`, bytes, partOf: file.path };
  }
  for (let at = 0; at < file.records; at += BLOCK_RECORDS) {
    const bytes = await readRecords(dataset, file, at, at + BLOCK_RECORDS); // checks their digest
    yield { path: blockAddress(file, at / BLOCK_RECORDS), bytes, partOf: file.path };
  }
}

/** The official files of datasets, in blocks. */
export async function* datasetFiles(names: Iterable<DatasetName>): AsyncGenerator<PublishedFile> {
  const wanted = [...new Set(names)];
  const dataset = await openDataset(...wanted);
  for (const name of wanted) {
    for (const file of datasetOf(name).files) yield* blocks(dataset, file);
  }
}

/** The training labels that each view gives to all examples, once for views that give the same. */
async function* labels(dataset: Storage, views: View[]): AsyncGenerator<PublishedFile> {
  const written = new Set<string>();
  for (const { labels, ...rest } of views) {
    const { examples: _, ...all } = rest;
    const which =
      labels.kind === "true"
        ? "true"
        : `corrupted-${labels.fraction.replace("/", "-")}.seed-${labels.seed}`;
    const name = `${all.dataset}.${which}`;
    if (written.has(name)) continue;
    written.add(name);
    const view = { ...all, labels };
    const { given } = await readLabels(dataset, view, "train", 0, viewSize(view, "train"));
    yield { path: `labels/${name}.bin`, bytes: given, labels };
  }
}

/**
 * Every file, one after the other, each checked against what is known of it.
 * @param only the checkpoints whose files are wanted, with their datasets; without it all
 * @throws MismatchError where a file is not the published one; InputError where there is none.
 */
export async function* publishedFiles(only?: string[]): AsyncGenerator<PublishedFile> {
  const known = await knownIds(project); // one that has lost a file fails below
  const ids = only ? known.filter((id) => only.includes(id)) : known;
  if (known.length === 0)
    throw new InputError(`nothing is published in ${HOME}; is it the project?`);
  if (ids.length === 0) throw new InputError(`none of ${only?.join(", ")} is published`);
  const views: View[] = [];
  for (const id of ids) yield* checkpointFiles(id, views);
  yield* documents(known);
  const datasets = views.map((view) => view.dataset);
  yield* datasetFiles(datasets);
  yield* labels(await openDataset(...datasets), views);
}
