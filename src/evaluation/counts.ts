/** Whether a fixture counts what its prediction files hold: no model runs, so every example is looked at. */
import { SPLITS } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { MismatchError, type Storage } from "../datasets/storage.ts";
import { readLabels } from "../datasets/view.ts";
import { hits } from "./evaluate.ts";
import type { PartialFixture } from "./fixture.ts";
import type { Published } from "./published.ts";
import { RESTORE } from "./published-file.ts";

/**
 * Counts the published predictions, which readPublished holds to their digest, against the
 * labels of every shard. A sample of shards then stands for what the model predicts alone.
 * @param file the fixture as it is called, and what to do about it, where it is none of the published
 * @throws MismatchError if a shard's count or digest, or the count of true labels, is another;
 *   the signal's reason once it is aborted
 */
export async function checkCounts(
  dataset: Storage,
  { fixture, predictions }: Pick<Published, "predictions"> & { fixture: PartialFixture },
  signal?: AbortSignal,
  file = { name: `fixtures/${fixture.checkpoint}.json`, remedy: RESTORE },
): Promise<void> {
  const { name, remedy } = file;
  for (const split of SPLITS) {
    const fields = fixture.splits[split];
    if (!fields) continue;
    const { shards, correctOnTrueLabels } = fields;
    let onTrue = 0;
    for (const { start, end, correct, predictionsSha256 } of shards) {
      signal?.throwIfAborted();
      const part = predictions[split].slice(start, end);
      const { labels, given } = await readLabels(dataset, fixture.view, split, start, end);
      const found = hits(part, given);
      onTrue += hits(part, labels);
      const shard = `${name}: ${split}'s shard ${start} to ${end}`;
      if (found !== correct)
        throw new MismatchError(
          `${shard} has ${correct} correct, but ${found} of its published predictions are; ${remedy}`,
        );
      if ((await sha256Hex(part)) !== predictionsSha256)
        throw new MismatchError(
          `${shard} has another digest than its published predictions; ${remedy}`,
        );
    }
    if (correctOnTrueLabels !== undefined && onTrue !== correctOnTrueLabels) {
      throw new MismatchError(
        `${name}: ${onTrue} of ${split}'s predictions are the true label, not ${correctOnTrueLabels}; ${remedy}`,
      );
    }
  }
}
