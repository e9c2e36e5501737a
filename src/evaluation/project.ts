/** Which checkpoints there may be in a folder with models/ and fixtures/, and which there are. */
import { SPLITS, type Split } from "../datasets/cifar10.ts";
import type { Storage } from "../datasets/storage.ts";
import { RECIPES } from "../recipes.ts";

/** models/ and fixtures/: the paper's, of which RECIPES has every checkpoint, or a pack of others. */
export interface Project extends Storage {
  /** The checkpoints that a pack may have; left out, it is the paper's. */
  ids?: readonly string[];
}

function idsOf({ ids }: Project): readonly string[] {
  return ids ?? Object.keys(RECIPES);
}

/** Whether an id is one of those that there may be. */
export function mayBe({ ids }: Project, id: string): boolean {
  return ids ? ids.includes(id) : Object.hasOwn(RECIPES, id);
}

/** What says that a checkpoint is there: of a pack's network that was made elsewhere, its fixture. */
export async function isPublished(project: Project, id: string): Promise<boolean> {
  if (await project.exists(`models/${id}/checkpoint.json`)) return true;
  return project.ids !== undefined && (await project.exists(`fixtures/${id}.json`));
}

/** The ids that have a checkpoint, in their order. */
export async function publishedIds(project: Project): Promise<string[]> {
  const ids = idsOf(project);
  const there = await Promise.all(ids.map((id) => isPublished(project, id)));
  return ids.filter((_, k) => there[k]);
}

/**
 * The ids of which any file is published, in their order: what has lost its checkpoint.json must
 * not vanish silently. A file that cannot be looked at may well be there.
 */
export async function knownIds(project: Project): Promise<string[]> {
  const there = async (path: string) => await project.exists(path).catch(() => true);
  const ids = idsOf(project).map(async (id) => {
    if (await there(`models/${id}/checkpoint.json`)) return [id];
    const files = ["model.onnx", "history.json"].map((file) => `models/${id}/${file}`);
    const predictions = SPLITS.map((split) => `fixtures/${predictionsFile(id, split)}`);
    const found = [...files, `fixtures/${id}.json`, ...predictions].map(there);
    return (await Promise.all(found)).includes(true) ? [id] : [];
  });
  return (await Promise.all(ids)).flat();
}

/** Where the predictions of a split lie in fixtures/. */
export function predictionsFile(id: string, split: Split): string {
  return `predictions/${id}.${split}.bin`;
}
