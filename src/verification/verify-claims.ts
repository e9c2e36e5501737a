/** Recomputes checkpoints and decides claims from what came out: what `verify` and the endpoint share. */
import type { Claim } from "../claims/claims.ts";
import type { Evidence } from "../claims/judge.ts";
import type { Split } from "../datasets/cifar10.ts";
import { CheckpointError, MismatchError, type Storage } from "../datasets/storage.ts";
import type { Comparison } from "../evaluation/compare.ts";
import { readPublished } from "../evaluation/published.ts";
import type { Sampling, Verification } from "../evaluation/verify.ts";
import { conclude, type Found } from "./conclude.ts";
import { evidenceOf, noEvidence } from "./evidence.ts";
import {
  type CheckpointReport,
  checkpointReport,
  isUncompared,
  isWhole,
  type Report,
  type TolerantReport,
  type Uncompared,
} from "./report.ts";
import type { Verifier } from "./verifier.ts";
import { byCheckpoint, type CheckpointWork, planWork, type WorkItem } from "./work.ts";

export type { CheckpointReport, Report, TolerantReport } from "./report.ts";
export { localVerifier, type Verifier } from "./verifier.ts";

export interface Request {
  verifier: Verifier;
  project: Storage;
  claims: Claim[];
  /** Ids of published checkpoints, to be recomputed. */
  checkpoints: string[];
  /** Every id that is published, where that is more than `checkpoints`. */
  published?: string[];
  sampling: Sampling;
  /** The work, where it is planned already. */
  work?: WorkItem[];
  /** Whether that is a part of it: then no claim is decided. */
  part?: boolean;
  signal?: AbortSignal;
  onShard?: (checkpoint: string, split: Split, comparison: Comparison) => void;
}

/** Of a part in which a checkpoint's predictions are counted alone; the whole needs shards to match. */
function nothingDiffers(checkpoint: string, verifier: Verifier): Verification {
  const { name } = verifier.runtime();
  return { checkpoint, runtime: name, result: "match", splits: { train: [], test: [] } };
}

async function recompute(
  { verifier, project, part = false, signal, onShard }: Request,
  { checkpoint, counts, shards }: CheckpointWork,
): Promise<{ report: CheckpointReport; evidence: Evidence }> {
  const published = await readPublished(project, checkpoint);
  if (counts) await verifier.count?.(published, signal);
  const verification =
    part && shards.train.length + shards.test.length === 0
      ? nothingDiffers(checkpoint, verifier)
      : await verifier.verify(
          published,
          shards,
          (split, comparison) => onShard?.(checkpoint, split, comparison),
          signal,
        );
  const report = checkpointReport(published, verification);
  return { report, evidence: evidenceOf(published, verification.result) };
}

/** The report of a checkpoint that alone is at fault; undefined where others would fail as well. */
function uncompared(checkpoint: string, runtime: string, error: unknown): Uncompared | undefined {
  if (!(error instanceof MismatchError || error instanceof CheckpointError)) return undefined;
  const result = error instanceof MismatchError ? "mismatch" : "not-certified";
  const cause = error.cause === undefined ? "" : `: ${error.cause}`;
  return { checkpoint, runtime, result, reason: error.message + cause };
}

/** Recomputes one checkpoint after the other; `found` has those that are done, also when it throws. */
async function recomputeAll(request: Request, found: Found, tolerant: boolean): Promise<void> {
  const { verifier, project, checkpoints, sampling, signal } = request;
  const { name } = verifier.runtime();
  const work = request.work ?? (await planWork(project, checkpoints, sampling, name));
  for (const own of byCheckpoint(work)) {
    signal?.throwIfAborted();
    const id = own.checkpoint;
    try {
      const { report, evidence } = await recompute(request, own);
      found.checkpoints.push(report);
      found.evidence.set(id, evidence);
    } catch (error) {
      const report = tolerant && uncompared(id, name, error);
      if (!report) throw error;
      found.checkpoints.push(report);
      found.evidence.set(id, noEvidence(report.result));
    }
  }
}

function reportOf(request: Request, found: Found): TolerantReport {
  const { verifier, claims, checkpoints, published = checkpoints, part = false } = request;
  const wholly = found.checkpoints.length > 0 && !found.checkpoints.some(isUncompared);
  return {
    runtime: verifier.runtime(),
    ...(verifier.server !== undefined && { server: verifier.server }),
    sampling: request.sampling,
    counted: verifier.count !== undefined && wholly,
    ...conclude({ claims, published, part }, found),
  };
}

/**
 * Recomputes sampled shards of the checkpoints one after the other, then decides the claims.
 * @throws MismatchError where published bytes contradict their digests, InputError where
 *   something cannot be read, the signal's reason once it is aborted.
 */
export async function verifyClaims(request: Request): Promise<Report> {
  const found: Found = { checkpoints: [], evidence: new Map() };
  await recomputeAll(request, found, false);
  const report = reportOf(request, found);
  if (!isWhole(report)) throw new Error("a checkpoint was not compared");
  return report;
}

/**
 * The same, but it never throws: a checkpoint whose published files are bad is reported as such, and
 * the others all the same. `error` is what ended it sooner, if anything did.
 */
export async function verifyTolerantly(
  request: Request,
): Promise<{ report: TolerantReport; error?: unknown }> {
  const found: Found = { checkpoints: [], evidence: new Map() };
  try {
    await recomputeAll(request, found, true);
    return { report: reportOf(request, found) };
  } catch (error) {
    return { report: { ...reportOf(request, found), counted: false }, error };
  }
}
