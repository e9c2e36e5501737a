/** `pull <id…>`: has model files, and the dataset, at hand before they are needed. */
import { publishedIds, readCheckpoint } from "../evaluation/published.ts";
import { cachedModel } from "../local/models.ts";
import { home, publishedId } from "../local/project.ts";
import { datasetFiles } from "../local/published-files.ts";
import { print } from "../print.ts";

export interface PullOptions {
  dataset?: boolean;
}

/** @throws InputError where a file is not what it says it is, of the dataset too. */
export async function pull(ids: string[], { dataset }: PullOptions): Promise<void> {
  const published = await publishedIds(home);
  for (const id of ids) publishedId(id, published);
  const checkpoints = await Promise.all(ids.map((id) => readCheckpoint(home, id)));
  const names = checkpoints.map(({ recipe }) => recipe.view.dataset);
  if (dataset) for await (const _ of datasetFiles(names)); // what is read is checked
  for (const { id, model } of checkpoints) {
    const own = await home.exists(`models/${id}/model.onnx`);
    print(own ? `models/${id}/model.onnx is here` : await cachedModel({ id, ...model }));
  }
}
