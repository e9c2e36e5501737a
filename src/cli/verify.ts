/** `verify`: recomputes published counts and decides the claims. */
import { SingleBar } from "cli-progress";
import { type Claim, checkpointsOf } from "../claims/claim.ts";
import { CLAIMS } from "../claims/claims.ts";
import { judge } from "../claims/judge.ts";
import { type AnswerStore, remoteVerifier } from "../client/remote.ts";
import { checkNoneLost, publishedIds, readPublished } from "../evaluation/published.ts";
import { onCores } from "../evaluation/runtimes/cores.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import type { Sampling } from "../evaluation/verify.ts";
import {
  localVerifier,
  type Report,
  shardCount,
  type Verifier,
  verifyClaims,
} from "../verification/verify-claims.ts";
import { answerStore } from "./answer-store.ts";
import { claimsTable, summary } from "./claims-table.ts";
import { countsTable } from "./counts-table.ts";
import { CACHE, openDataset } from "../local/dataset.ts";
import { checkWritable } from "../local/folder.ts";
import { known, project, publishedId } from "../local/project.ts";
import { saveReceipt } from "./receipt.ts";
import { openSigningKey } from "../local/signing-key.ts";

export interface VerifyOptions {
  checkpoint?: string[];
  claim?: string[];
  runtime: RuntimeName;
  shards: number;
  full?: boolean;
  seed?: number;
  json?: boolean;
  receipt?: string;
  /** A server that evaluates instead of this machine. */
  url?: URL;
  /** A queue whose workers evaluate instead of this machine. */
  queue?: URL;
  concurrency: number;
}

function print(report: Report, claims: Claim[]): void {
  console.log(countsTable(report.checkpoints));
  console.log(claimsTable(claims, report.verdicts));
  const { shards, seed } = report.sampling;
  const how =
    shards === "all"
      ? "every shard"
      : `${shards} ${shards === 1 ? "shard" : "shards"} a split drawn with --seed ${seed}`;
  const at = report.server === undefined ? "" : ` at ${report.server}, by its word`;
  console.log(
    `\n${report.runtime.package} ${report.runtime.version}${at}, ${how}: ${report.matched ? "all that ran matched" : "NOT all matched"}`,
  );
  console.log(`${report.verdicts.length} claims: ${summary(report.verdicts)}`);
}

/** The checkpoints and claims that the options name: by default all that bear on each other. */
function selection({ checkpoint, claim }: VerifyOptions, published: string[]) {
  const ids = CLAIMS.map(({ id }) => id);
  for (const id of claim ?? []) known(id, ids, "claim");
  for (const id of checkpoint ?? []) publishedId(id, published);
  const claims = CLAIMS.filter((c) =>
    claim
      ? claim.includes(c.id)
      : !checkpoint || checkpointsOf(c).some((id) => checkpoint.includes(id)),
  );
  const needed = claims.flatMap(checkpointsOf);
  const checkpoints = published.filter((id) =>
    checkpoint
      ? checkpoint.includes(id) && (!claim || needed.includes(id))
      : !claim || needed.includes(id),
  );
  return { claims, checkpoints };
}

/** A bar on stderr that counts shards; it shows only where stderr is a terminal. */
function progress(shards: number) {
  const bar = new SingleBar({
    format: "{bar} {value}/{total} shards, {checkpoint}",
    stream: process.stderr,
    clearOnComplete: true,
  });
  bar.start(shards, 0, { checkpoint: "" });
  return bar;
}

/** What recomputes, this machine or the server that --url names, and what ends it. */
async function verifierOf(
  { url, queue, runtime, concurrency }: VerifyOptions,
  checkpoints: string[],
  sampling: Sampling,
): Promise<{ verifier: Verifier; store?: AnswerStore; stop?: () => void | Promise<void> }> {
  if (queue) {
    const { openQueueVerifier } = await import("./queue.ts");
    const verifier = await openQueueVerifier(queue, runtime, checkpoints, sampling);
    return { verifier, stop: verifier.close };
  }
  if (url) {
    const store = await answerStore(CACHE, url);
    return { verifier: remoteVerifier({ origin: url, runtime, concurrency, store }), store };
  }
  const [dataset, one] = [await openDataset(), await openRuntime(runtime)];
  if (runtime === "native") return { verifier: localVerifier(dataset, one, true) }; // has threads of its own
  const threads = onCores(one);
  return { verifier: localVerifier(dataset, threads, true), stop: threads.stop };
}

/**
 * Verifies and prints. The exit code is 0 only if something ran, all of it
 * matched what is published, and every claim named by --claim is reproduced.
 */
export async function verify(options: VerifyOptions): Promise<number> {
  const published = await publishedIds(project);
  await checkNoneLost(project, published);
  const { claims, checkpoints } = selection(options, published);
  if (checkpoints.length === 0) {
    const [claim] = options.claim ? claims : [];
    const reason = options.checkpoint
      ? `${options.checkpoint.join(", ")} bears on none of ${options.claim?.join(", ")}`
      : claim
        ? `${claim.id}: ${judge(claim, new Map(), new Set(published)).reason}`
        : "no checkpoint is published";
    console.error(`rethink: nothing to verify: ${reason}`);
    return 1;
  }
  // What can fail at once fails before the long part: keys, folders, and published files.
  const key = options.receipt ? await openSigningKey() : undefined;
  if (options.receipt) await checkWritable(options.receipt);
  for (const id of checkpoints) await readPublished(project, id);
  const sampling = {
    shards: options.full ? ("all" as const) : options.shards,
    seed: options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
  };
  const { verifier, store, stop } = await verifierOf(options, checkpoints, sampling);
  const bar = progress(await shardCount({ project, checkpoints, sampling }, options.runtime));
  const report = await verifyClaims({
    verifier,
    project,
    claims,
    checkpoints,
    published,
    sampling,
    onShard: (checkpoint) => bar.increment(1, { checkpoint }),
  })
    .catch((error: unknown) => {
      if (options.seed === undefined && !options.full)
        console.error(`shards were drawn with --seed ${sampling.seed}`);
      throw error;
    })
    .finally(async () => {
      bar.stop();
      await stop?.();
    });
  for (const { sha256 } of report.checkpoints) await store?.clear(sha256.model, options.runtime);
  if (options.json) console.log(JSON.stringify(report, null, 1));
  else print(report, claims);
  if (options.receipt && key) await saveReceipt(options.receipt, report, key);
  const guarded = !options.claim || report.verdicts.every((v) => v.status === "reproduced");
  return report.matched && guarded ? 0 : 1;
}
