/** Recomputes checkpoints and decides claims from what came out: what `verify` and the endpoint share. */
import type { Claim } from "../claims/claims.ts";
import { type Evidence, judge, type Verdict } from "../claims/judge.ts";
import type { Split } from "../datasets/cifar10.ts";
import type { Storage } from "../datasets/storage.ts";
import type { Comparison } from "../evaluation/compare.ts";
import { checkCounts } from "../evaluation/counts.ts";
import type { Fixture } from "../evaluation/fixture.ts";
import { type Published, readFixture, readPublished } from "../evaluation/published.ts";
import type { Runtime, RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { endsWith } from "../recipe.ts";
import {
  type Sampling,
  sampleShards,
  type Verification,
  verifyCheckpoint,
} from "../evaluation/verify.ts";

/** Recomputes a checkpoint's sampled shards: on this machine, or by asking a server. */
export interface Verifier {
  verify(
    published: Published,
    sampling: Sampling,
    onShard: (split: Split, comparison: Comparison) => void,
    signal?: AbortSignal,
  ): Promise<Verification>;
  /** Whether `verify` also counts all published predictions against the labels. */
  counts: boolean;
  /** What ran the models; of a server it is known once it has answered. */
  runtime(): Report["runtime"];
  /** The origin of the server that evaluates, if one does. */
  server?: string;
}

export interface Request {
  verifier: Verifier;
  project: Storage;
  claims: Claim[];
  /** Ids of published checkpoints, to be recomputed. */
  checkpoints: string[];
  /** Every id that is published, where that is more than `checkpoints`. */
  published?: string[];
  sampling: Sampling;
  signal?: AbortSignal;
  onShard?: (checkpoint: string, split: Split, comparison: Comparison) => void;
}

/** Published counts beside the recomputed ones, and the bytes that they are counts of. */
export interface CheckpointReport extends Verification {
  /** SHA-256 of the files by which the counts and claims were decided. */
  sha256: { model: string; history: string; fixture: string };
  dataset: Fixture["view"]["dataset"];
  published: Record<Split, { correct: number; total: number; shards: number }>;
  gap: Fixture["gap"];
}

export interface Report {
  runtime: { name: RuntimeName; package: string; version: string };
  /** The origin of the server that says it ran the models: its word, where this is there. */
  server?: string;
  sampling: Sampling;
  /** Whether every published prediction was counted against the labels, whatever was drawn. */
  counted: boolean;
  checkpoints: CheckpointReport[];
  verdicts: Verdict[];
  /** Something ran, and all of it matched. */
  matched: boolean;
  /** It matched, a claim is reproduced, and none failed. */
  passed: boolean;
}

/** What `matched` and `passed` say, from the results that they sum up. */
export function outcomeOf({
  checkpoints,
  verdicts,
}: {
  checkpoints: Pick<CheckpointReport, "result">[];
  verdicts: Pick<Verdict, "status">[];
}): Pick<Report, "matched" | "passed"> {
  const statuses = verdicts.map(({ status }) => status);
  const matched = checkpoints.length > 0 && checkpoints.every(({ result }) => result === "match");
  const decided = statuses.includes("reproduced") && !statuses.includes("not-reproduced");
  return { matched, passed: matched && decided };
}

/** What claims see of a published checkpoint whose recomputation ended so. */
export function evidenceOf(
  { fixture, checkpoint, history }: Pick<Published, "fixture" | "checkpoint" | "history">,
  result: Verification["result"],
): Evidence {
  const { train, test } = fixture.splits;
  const { model, recipe } = checkpoint;
  // The first epoch that ends training by the recipe is the last: none was picked.
  const end =
    recipe.kind === "training" ? history.find((epoch) => endsWith(recipe, epoch)) : undefined;
  const trained = end !== undefined && end === history.at(-1);
  return { parameters: model.parameters, train, test, history, trained, result };
}

function reportOf(
  { checkpoint, fixture, fixtureSha256 }: Published,
  verification: Verification,
): CheckpointReport {
  const published = (split: Split) => {
    const { correct, total, shards } = fixture.splits[split];
    return { correct, total, shards: shards.length };
  };
  return {
    ...verification,
    sha256: {
      model: fixture.sha256,
      history: checkpoint.history.sha256,
      fixture: fixtureSha256,
    },
    dataset: fixture.view.dataset,
    published: { train: published("train"), test: published("test") },
    gap: fixture.gap,
  };
}

/**
 * How many shards of 1,000 examples a verification evaluates.
 * @throws what readFixture throws
 */
export async function shardCount(
  { project, checkpoints, sampling }: Pick<Request, "project" | "checkpoints" | "sampling">,
  runtime: RuntimeName,
): Promise<number> {
  let count = 0;
  for (const id of checkpoints) {
    const { splits } = await readFixture(project, id);
    for (const split of ["train", "test"] as const) {
      count += sampleShards(splits[split], split, sampling, runtime).length;
    }
  }
  return count;
}

/**
 * A verifier that runs the models here.
 * @param counting whether all published counts are held against the published predictions
 *   first, which reads the labels of the whole dataset
 */
export function localVerifier(dataset: Storage, runtime: Runtime, counting = false): Verifier {
  return {
    counts: counting,
    async verify(published, sampling, onShard, signal) {
      if (counting) await checkCounts(dataset, published, signal);
      return await verifyCheckpoint(dataset, published, runtime, sampling, onShard, signal);
    },
    runtime: () => ({ name: runtime.name, package: runtime.package, version: runtime.version }),
  };
}

/**
 * Recomputes sampled shards of the checkpoints one after the other, then decides the claims.
 * @throws MismatchError where published bytes contradict their digests, InputError where
 *   something cannot be read, the signal's reason once it is aborted.
 */
export async function verifyClaims(request: Request): Promise<Report> {
  const { verifier, project, claims, sampling, signal, onShard } = request;
  const evidence = new Map<string, Evidence>();
  const checkpoints: CheckpointReport[] = [];
  for (const id of request.checkpoints) {
    signal?.throwIfAborted();
    const published = await readPublished(project, id);
    const verification = await verifier.verify(
      published,
      sampling,
      (split, comparison) => onShard?.(id, split, comparison),
      signal,
    );
    evidence.set(id, evidenceOf(published, verification.result));
    checkpoints.push(reportOf(published, verification));
  }
  const existing = new Set(request.published ?? request.checkpoints);
  const verdicts = claims.map((claim) => judge(claim, evidence, existing));
  const outcome = outcomeOf({ checkpoints, verdicts });
  const counted = verifier.counts && checkpoints.length > 0;
  const by = {
    runtime: verifier.runtime(),
    ...(verifier.server !== undefined && { server: verifier.server }),
  };
  return { ...by, sampling, counted, checkpoints, verdicts, ...outcome };
}
