/** `pull <id…>`: has model files, and the dataset, at hand before they are needed. */
import { publishedIds, readCheckpoint } from "../evaluation/published.ts";
import { openDataset } from "../local/dataset.ts";
import { cachedModel } from "../local/models.ts";
import { home, publishedId } from "../local/project.ts";
import { print } from "../print.ts";

export interface PullOptions {
  dataset?: boolean;
}

export async function pull(ids: string[], { dataset }: PullOptions): Promise<void> {
  const published = await publishedIds(home);
  for (const id of ids) publishedId(id, published);
  if (dataset) await openDataset();
  for (const id of ids) {
    const { model } = await readCheckpoint(home, id);
    const own = await home.exists(`models/${id}/model.onnx`);
    print(own ? `models/${id}/model.onnx is here` : await cachedModel({ id, ...model }));
  }
}
