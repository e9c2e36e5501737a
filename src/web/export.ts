/** The pages as files that any static host serves under any path: relative links, and what is published beside. */
import { SPLITS } from "../datasets/cifar10.ts";
import { datasetOf } from "../datasets/datasets.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { readLabels, readView, viewSize } from "../datasets/view.ts";
import { readPublished } from "../evaluation/published.ts";
import { addressOf } from "./audit/addresses.ts";
import { readExamples, SHOWN } from "./examples.ts";
import { FIGURES } from "./figures/figures.ts";
import { FIGURE_FILES, figureFile } from "./figures/files.ts";
import { linksFrom } from "./links.ts";
import { pngOf } from "./picture.ts";
import { PAGE_POLICY } from "./policy.ts";
import { pagePaths, render } from "./render.ts";
import type { Site } from "./site.ts";
import { ICON } from "./style.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export interface ExportFile {
  path: string;
  bytes: Bytes;
}

export interface Source {
  site: Site;
  project: Storage;
  dataset: Storage;
  /** Whether the datasets' blocks are not written beside. */
  noBlocks?: boolean;
  /** Client code by name. */
  assets: { names: string[]; read(name: string): Promise<Bytes | undefined> };
}

const encoder = new TextEncoder();

function text(path: string, content: string): ExportFile {
  return { path, bytes: encoder.encode(content) };
}

async function* pages({ site, project, dataset, noBlocks }: Source): AsyncGenerator<ExportFile> {
  const examples = (id: string) => readExamples(project, dataset, site, id);
  const how = { scripts: true, server: false, policy: PAGE_POLICY, noBlocks };
  for (const path of pagePaths(site)) {
    const html = await render({ site, examples }, path, { links: linksFrom(path, true), ...how });
    if (html === undefined) throw new RangeError(`no page is made of ${path}`);
    yield text(path === "" ? "index.html" : `${path}/index.html`, html);
  }
}

async function* assets({ assets: { names, read } }: Source): AsyncGenerator<ExportFile> {
  yield text("assets/icon.svg", ICON);
  for (const name of names) {
    const bytes = await read(name);
    if (!bytes) throw new InputError(`there is no asset ${name}`);
    yield { path: `assets/${name}`, bytes };
  }
}

function* data({ site }: Source): Generator<ExportFile> {
  for (const { id } of FIGURES) {
    for (const extension of FIGURE_FILES) {
      yield text(`figures/${id}.${extension}`, figureFile(site, id, extension)?.text ?? "");
    }
  }
  for (const claim of site.claims) {
    const verdict = site.verdicts.get(claim.id);
    yield text(`v1/claims/${claim.id}.json`, `${JSON.stringify({ ...claim, verdict }, null, 1)}\n`);
  }
}

/** What is published of a checkpoint, its digests checked, at the addresses that the API has. */
async function* checkpoint({ project, dataset }: Source, id: string): AsyncGenerator<ExportFile> {
  const { fixture, model, predictions } = await readPublished(project, id);
  yield { path: addressOf(`models/${id}/model.onnx`), bytes: model };
  for (const path of [
    `models/${id}/checkpoint.json`,
    `models/${id}/history.json`,
    `fixtures/${id}.json`,
  ]) {
    yield { path: addressOf(path), bytes: await project.read(path) };
  }
  const { view } = fixture;
  for (const split of SPLITS) {
    const path = addressOf(`fixtures/${fixture.splits[split].predictions.file}`);
    yield { path, bytes: predictions[split] };
    const { given } = await readLabels(dataset, view, split, 0, viewSize(view, split));
    yield { path: `v1/checkpoints/${id}/labels/${split}`, bytes: given };
    const { images } = await readView(dataset, view, split, 0, SHOWN);
    const { imageBytes, image: shape } = datasetOf(view.dataset);
    for (let index = 0; index < SHOWN; index++) {
      const image = images.subarray(index * imageBytes, (index + 1) * imageBytes);
      const bytes = pngOf(image, shape[1]);
      yield { path: `checkpoints/${id}/images/${split}/${index}.png`, bytes };
    }
  }
}

/**
 * Every file, one after the other.
 * @throws MismatchError where a published file is not what it says it is.
 */
export async function* siteFiles(source: Source): AsyncGenerator<ExportFile> {
  yield* pages(source);
  yield* assets(source);
  yield* data(source);
  for (const id of source.site.numbers.keys()) yield* checkpoint(source, id);
}
