/** `verify`: recomputes published counts and decides the claims. */
import type { Claim } from "../claims/claim.ts";
import { commandLine } from "../command.ts";
import { judge } from "../claims/judge.ts";
import { InputError } from "../datasets/storage.ts";
import { knownIds } from "../evaluation/published.ts";
import { openPack } from "../local/pack.ts";
import { openSigningKey } from "../local/signing-key.ts";
import type { SigningKey } from "../receipts/keys.ts";
import { claimsIn } from "../verification/pack.ts";
import { type Part, partOf } from "../verification/part.ts";
import { isUncompared, isWhole, outcomeOf, type TolerantReport } from "../verification/report.ts";
import { verifyTolerantly } from "../verification/verify-claims.ts";
import { planWork, shardCount } from "../verification/work.ts";
import { beginReports, type DeliveryOptions, deliver, prepareDelivery } from "./deliver.ts";
import { tellFailure } from "./failure.ts";
import { openProgress, type Progress } from "./progress.ts";
import { neverBegan, type Ran, recordOf } from "./ran.ts";
import { saveReceipt } from "./receipt.ts";
import { select } from "./selection.ts";
import { type VerifierOptions, type Verifying, verifierOf } from "./verifier-of.ts";
import { printError } from "../print.ts";

export interface VerifyOptions extends DeliveryOptions, VerifierOptions {
  checkpoint?: string[];
  claim?: string[];
  shards: number;
  full?: boolean;
  seed?: number;
  /** A part of the work alone, to be merged with the others. */
  part?: Part;
}

/** Why no checkpoint bears on what was asked for. */
function nothingToDo({ checkpoint, claim }: VerifyOptions, [first]: Claim[], published: string[]) {
  if (checkpoint) return `${checkpoint.join(", ")} bears on none of ${claim?.join(", ")}`;
  if (claim && first) {
    const { missing, reason } = judge(first, new Map(), new Set(published));
    const remedy = missing[0] ? `; ${commandLine("train", missing[0])} makes the first` : "";
    return `${first.id}: ${reason}${remedy}`;
  }
  return "no checkpoint is published";
}

/** What a run that evaluates nothing has to say: why each claim could not be decided. */
function nothing(
  claims: Claim[],
  published: string[],
): Pick<TolerantReport, "checkpoints" | "verdicts" | "counted" | "matched" | "passed"> {
  const verdicts = claims.map((claim) => judge(claim, new Map(), new Set(published)));
  return { counted: false, checkpoints: [], verdicts, ...outcomeOf({ checkpoints: [], verdicts }) };
}

/** What a receipt says is final: nothing is signed of a run that did not come to its end. */
async function sign(
  path: string,
  { report, error }: Awaited<ReturnType<typeof verifyTolerantly>>,
  key: SigningKey,
  workers: Verifying["workers"],
) {
  if (error === undefined && isWhole(report) && report.checkpoints.length > 0) {
    const by = workers && { workers: workers().map(({ worker }) => worker) };
    return await saveReceipt(path, { ...report, ...by }, key);
  }
  const why =
    error === undefined
      ? "not every checkpoint could be compared"
      : "the run did not come to its end";
  printError(`rethink: no receipt is signed, for ${why}`);
}

/**
 * @throws InputError where other parts could not draw the same shards, nothing could be merged, or
 *   something is wanted of a part that the whole alone can give
 */
export function assertMergeable(
  options: Pick<
    VerifyOptions,
    "part" | "seed" | "full" | "json" | "report" | "expect" | "writeExpect"
  >,
): void {
  const { part, seed, full, json, report = [], expect, writeExpect } = options;
  if (!part) return;
  if (expect !== undefined || writeExpect !== undefined) {
    const option = expect === undefined ? "--write-expect" : "--expect";
    throw new InputError(`a part decides no claim: give ${option} to rethink merge, not to --part`);
  }
  if (seed === undefined && !full)
    throw new InputError("--part needs --full, or the same --seed for all parts");
  if (!json && !report.some(({ kind }) => kind === "json"))
    throw new InputError("--part needs --report json=FILE, which rethink merge adds up");
}

/** @throws InputError where it was used wrongly, or something is missing here from the beginning. */
async function run(options: VerifyOptions, progress: Progress): Promise<Ran> {
  const pack = await openPack(options.pack);
  const published = await knownIds(pack);
  const { claims, checkpoints } = select(options, claimsIn(pack), published);
  const guarded = options.claim !== undefined;
  const all = !guarded && options.checkpoint === undefined;
  const asked = { checkpoints, published, all, guarded };
  assertMergeable(options);
  const expectation = await prepareDelivery(options);
  if (checkpoints.length === 0) {
    const error = new InputError(`nothing to verify: ${nothingToDo(options, claims, published)}`);
    return { report: nothing(claims, published), claims, asked, nothing: error };
  }
  // What can fail at once fails before the long part.
  const key = options.receipt ? await openSigningKey() : undefined;
  await beginReports(options.report);
  const sampling = {
    shards: options.full ? ("all" as const) : options.shards,
    seed: options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
  };
  progress.stage("opening the dataset");
  const whole = await planWork(pack, checkpoints, sampling, options.runtime);
  const { work, part } = options.part ? partOf(whole, options.part) : { work: whole };
  const { verifier, store, workers, stop } = await verifierOf(options, pack, work);
  progress.start(shardCount(work));
  const request = { verifier, project: pack, claims, checkpoints, published, sampling, work };
  const verified = await verifyTolerantly({
    ...request,
    part: part !== undefined,
    onShard: (checkpoint) => progress.shard(checkpoint),
  });
  const { report, error } = verified;
  await stop?.(error === undefined);
  if (error === undefined) {
    for (const one of report.checkpoints)
      if (!isUncompared(one)) await store?.clear(one.sha256.fixture, options.runtime);
  }
  const unwritten =
    options.receipt && key
      ? await sign(options.receipt, verified, key, workers).catch((failure: unknown) => failure)
      : undefined;
  return {
    ...verified,
    claims,
    asked,
    unwritten,
    ...(workers && { workers: workers() }),
    ...(part && { part }),
    ...(expectation && { expectation }),
  };
}

/**
 * Verifies and prints. The exit code is 0 only if something ran, all of it
 * matched what is published, and every claim named by --claim is reproduced.
 */
export async function verify(options: VerifyOptions): Promise<number> {
  const started = new Date();
  const progress = openProgress(options.quiet);
  const ran = await run(options, progress)
    .catch(neverBegan)
    .finally(() => progress.stop());
  const record = recordOf(ran, started);
  const code = await deliver(record, ran.claims, options, ran.unwritten);
  const problem = ran.error ?? ran.nothing;
  if (problem !== undefined) tellFailure(problem);
  return code;
}
