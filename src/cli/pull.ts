/** `pull <id…>`: has model files, and the dataset, at hand before they are needed. */
import { publishedIds, readCheckpoint, readModel } from "../evaluation/published.ts";
import { cachedModel } from "../local/models.ts";
import { home, publishedId } from "../local/project.ts";
import { datasetFiles } from "../local/published-files.ts";
import { print } from "../print.ts";

export interface PullOptions {
  dataset?: boolean;
}

/** @throws MismatchError where a model here is not what is published, InputError where another file is not. */
export async function pull(ids: string[], { dataset }: PullOptions): Promise<void> {
  const published = await publishedIds(home);
  for (const id of ids) publishedId(id, published);
  const checkpoints = await Promise.all(ids.map((id) => readCheckpoint(home, id)));
  const names = checkpoints.map(({ recipe }) => recipe.view.dataset);
  if (dataset) for await (const _ of datasetFiles(names)); // what is read is checked
  for (const checkpoint of checkpoints) {
    const { id, model } = checkpoint;
    const file = `models/${id}/model.onnx`;
    if (await home.exists(file)) {
      await readModel(home, checkpoint);
      print(`${file} is here`);
    } else print(await cachedModel({ id, ...model }));
  }
}
