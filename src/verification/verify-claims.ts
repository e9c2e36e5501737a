/** Recomputes checkpoints and decides claims from what came out: what `verify` and the endpoint share. */
import type { Claim } from "../claims/claims.ts";
import { type Evidence, judge } from "../claims/judge.ts";
import type { Split } from "../datasets/cifar10.ts";
import { CheckpointError, MismatchError, type Storage } from "../datasets/storage.ts";
import type { Comparison } from "../evaluation/compare.ts";
import { readPublished } from "../evaluation/published.ts";
import type { Sampling } from "../evaluation/verify.ts";
import { evidenceOf, noEvidence } from "./evidence.ts";
import {
  type CheckpointReport,
  checkpointReport,
  isUncompared,
  isWhole,
  outcomeOf,
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
  /** What of it is to be done, where that is not all. */
  work?: WorkItem[];
  signal?: AbortSignal;
  onShard?: (checkpoint: string, split: Split, comparison: Comparison) => void;
}

/** What is known of the checkpoints that were recomputed. */
interface Found {
  checkpoints: TolerantReport["checkpoints"];
  evidence: Map<string, Evidence>;
}

async function recompute(
  { verifier, project, signal, onShard }: Request,
  { checkpoint, counts, shards }: CheckpointWork,
): Promise<{ report: CheckpointReport; evidence: Evidence }> {
  const published = await readPublished(project, checkpoint);
  if (counts) await verifier.count?.(published, signal);
  const verification = await verifier.verify(
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

/** Decides the claims from what was found. */
function conclude(request: Request, { checkpoints, evidence }: Found): TolerantReport {
  const { verifier, claims, sampling } = request;
  const existing = new Set(request.published ?? request.checkpoints);
  const verdicts = claims.map((claim) => judge(claim, evidence, existing));
  return {
    runtime: verifier.runtime(),
    ...(verifier.server !== undefined && { server: verifier.server }),
    sampling,
    counted: verifier.count !== undefined && checkpoints.some((c) => !isUncompared(c)),
    checkpoints,
    verdicts,
    ...outcomeOf({ checkpoints, verdicts }),
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
  const report = conclude(request, found);
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
    return { report: conclude(request, found) };
  } catch (error) {
    return { report: conclude(request, found), error };
  }
}
