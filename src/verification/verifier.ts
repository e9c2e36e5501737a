/** What recomputes a checkpoint: this machine, or a server that is asked. */
import type { Split } from "../datasets/cifar10.ts";
import type { Storage } from "../datasets/storage.ts";
import type { Comparison } from "../evaluation/compare.ts";
import { checkCounts } from "../evaluation/counts.ts";
import type { Range } from "../evaluation/evaluate.ts";
import type { Published } from "../evaluation/published.ts";
import type { Runtime } from "../evaluation/runtimes/runtime.ts";
import { type Verification, verifyCheckpoint } from "../evaluation/verify.ts";
import type { Report } from "./report.ts";

export interface Verifier {
  /** Recomputes these shards and holds each against the fixture. */
  verify(
    published: Published,
    shards: Record<Split, Range[]>,
    onShard: (split: Split, comparison: Comparison) => void,
    signal?: AbortSignal,
  ): Promise<Verification>;
  /**
   * Counts all published predictions against the labels; left out where that cannot be done.
   * @throws MismatchError if the fixture has other counts
   */
  count?(published: Published, signal?: AbortSignal): Promise<void>;
  /** What ran the models; of a server its package and version are known once it has answered. */
  runtime(): Report["runtime"];
  /** The origin of the server that evaluates, if one does. */
  server?: string;
}

/**
 * A verifier that runs the models here.
 * @param counting whether it can count all published predictions, which reads the labels of the
 *   whole dataset
 */
export function localVerifier(dataset: Storage, runtime: Runtime, counting = false): Verifier {
  const { name, package: from, version } = runtime;
  return {
    verify: (published, shards, onShard, signal) =>
      verifyCheckpoint(dataset, published, runtime, shards, onShard, signal),
    ...(counting && {
      count: (published: Published, signal?: AbortSignal) =>
        checkCounts(dataset, published, signal),
    }),
    runtime: () => ({ name, package: from, version }),
  };
}
