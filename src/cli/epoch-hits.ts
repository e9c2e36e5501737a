/** What a net hits after an epoch: its model file, evaluated as a published one is. Training never sees it. */
import { IMAGE_BYTES, SPLIT_SIZE } from "../datasets/cifar10.ts";
import type { Storage } from "../datasets/storage.ts";
import { readLabels, readView, viewSize } from "../datasets/view.ts";
import { predict } from "../evaluation/evaluate.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import type { Session } from "../evaluation/runtimes/runtime.ts";
import type { Epoch } from "../history.ts";
import type { TrainingRecipe } from "../recipe.ts";
import type { TrainingSet } from "../training/batches.ts";

type Hits = NonNullable<Epoch["hits"]>;
type Observer = (model: Uint8Array<ArrayBuffer>) => Promise<Hits>;

/** Images a call. */
const BATCH = 250;

async function predictions(session: Session, images: Uint8Array<ArrayBuffer>) {
  const all = new Uint8Array(images.length / IMAGE_BYTES);
  for (let at = 0; at < all.length; at += BATCH) {
    const batch = images.subarray(at * IMAGE_BYTES, (at + BATCH) * IMAGE_BYTES);
    all.set(predict(await session.run(batch)), at);
  }
  return all;
}

/** Of the examples that `of` chooses, how many predictions are the label. */
function count(predicted: Uint8Array, labels: Uint8Array, of: (i: number) => boolean) {
  const chosen = [...labels.keys()].filter(of);
  return {
    correct: chosen.filter((i) => predicted[i] === labels[i]).length,
    total: chosen.length,
  };
}

/**
 * Counts a model's hits on test and, where labels are corrupted, on the training examples whose
 * given label is not the true one and on the others.
 */
export async function hitsAfterEpochs(
  dataset: Storage,
  { view }: TrainingRecipe,
  set: TrainingSet,
): Promise<Observer> {
  const runtime = await openRuntime("native");
  const test = await readView(dataset, view, "test", 0, SPLIT_SIZE.test);
  const { labels } = await readLabels(dataset, view, "train", 0, viewSize(view, "train"));
  const changed = (i: number) => labels[i] !== set.labels[i];
  return async (model) => {
    const session = await runtime.load(model);
    try {
      const onTest = await predictions(session, test.images);
      const hits: Hits = { test: count(onTest, test.given, () => true) };
      if (view.labels.kind === "true") return hits;
      const onTrain = await predictions(session, set.images);
      return {
        ...hits,
        changed: count(onTrain, set.labels, changed),
        unchanged: count(onTrain, set.labels, (i) => !changed(i)),
      };
    } finally {
      await session.close();
    }
  };
}
