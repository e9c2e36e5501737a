/** A few images of each split, with what they are, what a net and its twin were told that they are, and what they say. */
import type { Split } from "../datasets/cifar10.ts";
import type { Storage } from "../datasets/storage.ts";
import type { DatasetName } from "../datasets/datasets.ts";
import { readLabels, type View } from "../datasets/view.ts";
import type { Numbers } from "../cards/published-numbers.ts";
import type { Site } from "./site.ts";

/** Classes by label, CIFAR-10's as its batches.meta.txt has them. */
export const CLASSES: Record<DatasetName, string[]> = {
  cifar10: [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
  ],
  mnist: [..."0123456789"],
};

export const SHOWN = 12;

export interface Example {
  index: number;
  trueLabel: number;
  /** What each of `Examples.nets` was told, and what it says. */
  nets: { given: number; prediction: number }[];
}

export interface Examples {
  dataset: DatasetName;
  /** The net, and its twin if it has one. */
  nets: { id: string; view: View }[];
  splits: Record<Split, Example[]>;
}

/** All that twins share, of which one was told the true labels and one random ones. */
function sharedBy({ checkpoint: { recipe } }: Numbers): string {
  return JSON.stringify({ ...recipe, view: { ...recipe.view, labels: undefined } });
}

/** The net that differs in its labels alone: random ones for true ones, true ones for any other. */
export function twinOf({ numbers }: Site, id: string): string | undefined {
  const own = numbers.get(id);
  if (!own || own.checkpoint.recipe.kind === "given") return undefined; // how it was made is not known
  const wanted = own.fixture.view.labels.kind === "true" ? "1/1" : "true";
  const found = [...numbers.values()].find((other) => {
    const { labels } = other.fixture.view;
    const kind = labels.kind === "true" ? "true" : labels.fraction;
    return kind === wanted && sharedBy(other) === sharedBy(own);
  });
  return found?.checkpoint.id;
}

/** The first images of each split. */
export async function readExamples(
  project: Storage,
  dataset: Storage,
  site: Site,
  id: string,
): Promise<Examples | undefined> {
  const own = site.numbers.get(id);
  if (!own) return undefined;
  const twin = site.numbers.get(twinOf(site, id) ?? "");
  const nets = twin ? [own, twin] : [own];

  async function ofSplit(split: Split): Promise<Example[]> {
    const said = nets.map(async ({ fixture: { view, splits } }) => {
      const { labels, given } = await readLabels(dataset, view, split, 0, SHOWN);
      const file = `fixtures/${splits[split].predictions.file}`;
      return { labels, given, predictions: await project.read(file, 0, SHOWN) };
    });
    const all = await Promise.all(said);
    return Array.from({ length: SHOWN }, (_, index) => ({
      index,
      trueLabel: all[0]?.labels[index] as number,
      nets: all.map(({ given, predictions }) => ({
        given: given[index] as number,
        prediction: predictions[index] as number,
      })),
    }));
  }

  return {
    dataset: own.fixture.view.dataset,
    nets: nets.map(({ checkpoint, fixture }) => ({ id: checkpoint.id, view: fixture.view })),
    splits: { train: await ofSplit("train"), test: await ofSplit("test") },
  };
}
