/** A few images of each split, with what they are, what a net was told that they are, and what it says. */
import type { Split } from "../datasets/cifar10.ts";
import type { Storage } from "../datasets/storage.ts";
import { readLabels } from "../datasets/view.ts";
import type { Numbers } from "../cards/published-numbers.ts";
import type { Site } from "./site.ts";

/** CIFAR-10's classes by label, as its batches.meta.txt has them. */
export const CLASSES = [
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
];

export const SHOWN = 12;

export interface Example {
  index: number;
  trueLabel: number;
  given: number;
  prediction: number;
  /** Of the twin. */
  twins?: number;
}

export interface Examples {
  twin?: string;
  splits: Record<Split, Example[]>;
}

/** What two nets must share, to be twins of which one was told the true labels and one random ones. */
function sharedBy({ checkpoint }: Numbers): string {
  const { recipe } = checkpoint;
  const { labels: _, ...view } = recipe.view;
  const regularizers = recipe.kind === "training" ? recipe.regularizers : "";
  const seed = recipe.kind === "kernel" ? recipe.penalty : recipe.seed;
  return JSON.stringify([recipe.net, seed, view, regularizers]);
}

/** The net that differs in its labels alone: random ones for true ones, true ones for any other. */
export function twinOf({ numbers }: Site, id: string): string | undefined {
  const own = numbers.get(id);
  if (!own) return undefined;
  const wanted = own.fixture.view.labels.kind === "true" ? "1/1" : "true";
  const found = [...numbers.values()].find((other) => {
    const { labels } = other.fixture.view;
    const kind = labels.kind === "true" ? "true" : labels.fraction;
    return kind === wanted && sharedBy(other) === sharedBy(own);
  });
  return found?.checkpoint.id;
}

async function predictionsOf(project: Storage, { fixture }: Numbers, split: Split) {
  return await project.read(`fixtures/${fixture.splits[split].predictions.file}`, 0, SHOWN);
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
  const twin = twinOf(site, id);
  const other = twin === undefined ? undefined : site.numbers.get(twin);

  async function ofSplit(split: Split): Promise<Example[]> {
    if (!own) return [];
    const { labels, given } = await readLabels(dataset, own.fixture.view, split, 0, SHOWN);
    const predictions = await predictionsOf(project, own, split);
    const twins = other && (await predictionsOf(project, other, split));
    return [...labels].map((trueLabel, index) => ({
      index,
      trueLabel,
      given: given[index] as number,
      prediction: predictions[index] as number,
      ...(twins && { twins: twins[index] as number }),
    }));
  }

  const splits = { train: await ofSplit("train"), test: await ofSplit("test") };
  return { ...(twin !== undefined && { twin }), splits };
}
