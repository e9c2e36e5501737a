/**
 * `npm run worker [-- --claim ID] [--port N]`: bundles the Worker, writes its files to .cache/origin,
 * and serves it in workerd; with --claim it verifies that one there, with its files alone, and ends.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkpointsOf } from "../../../src/claims/claim.ts";
import { type Claim, CLAIMS } from "../../../src/claims/claims.ts";
import { InputError } from "../../../src/datasets/storage.ts";
import { CACHE } from "../../../src/local/dataset.ts";
import { unknown } from "../../../src/local/project.ts";
import { publishInto } from "../../../src/local/publish.ts";
import { publishedFiles } from "../../../src/local/published-files.ts";
import { isWrongUse } from "../../wrong-use.ts";
import { buildWorker } from "./build.ts";
import { type RunningWorker, startWorker } from "./workerd.ts";

/** @throws InputError that names the nearest, or says why nothing decides it. */
function claimOf(id: string): Claim {
  const found = CLAIMS.find((claim) => claim.id === id);
  if (found?.beyondReach)
    throw new InputError(`${id} is not evaluated: ${found.beyondReach.reason}`);
  if (found) return found;
  const ids = CLAIMS.map((claim) => claim.id);
  throw unknown(id, ids, "claim");
}

interface Verdict {
  claim: string;
  status: string;
}
interface Checked {
  checkpoint: string;
  splits: Record<string, { recomputed: number; end: number; start: number; result: string }[]>;
}

/** Asks the Worker; prints a line a shard and the verdict. @returns the exit status */
async function verify({ origin }: RunningWorker, claim: string): Promise<number> {
  const response = await fetch(`${origin}/v1/claims/${claim}/verification?shards=1`);
  const answer = await response.json();
  if (!response.ok) throw new InputError(answer.detail ?? `status ${response.status}`);
  const { checkpoints, verdicts } = answer.report as {
    checkpoints: Checked[];
    verdicts: Verdict[];
  };
  for (const { checkpoint, splits } of checkpoints) {
    for (const [split, shards] of Object.entries(splits)) {
      for (const { start, end, recomputed, result } of shards) {
        console.log(
          `${checkpoint} ${split} ${start} to ${end}: ${recomputed} correct of ${end - start}, ${result}`,
        );
      }
    }
  }
  for (const { claim, status } of verdicts) console.log(`${claim}: ${status}, says the Worker`);
  return verdicts.length > 0 && verdicts.every(({ status }) => status === "reproduced") ? 0 : 1;
}

try {
  const { values } = parseArgs({
    options: { claim: { type: "string" }, port: { type: "string", default: "8787" } },
  });
  const { claim } = values;
  const files = join(CACHE, claim === undefined ? "origin" : "origin-of-claim");
  const only = claim === undefined ? undefined : checkpointsOf(claimOf(claim));
  const [worker] = await Promise.all([buildWorker(), publishInto(files, publishedFiles(only))]);
  const port = claim === undefined ? Number(values.port) : 0;
  const running = await startWorker({
    worker,
    files,
    port,
    environment: { RETHINK_LOG: "errors" },
  });
  if (claim === undefined) {
    console.log(`Rethink in workerd serves ${running.origin} (documentation at /docs)`);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => running.stop());
    await running.ended;
  } else {
    try {
      process.exitCode = await verify(running, claim);
    } finally {
      await running.stop();
    }
  }
} catch (error) {
  if (!(error instanceof InputError) && !isWrongUse(error)) throw error;
  console.error(`worker: ${error.message}`);
  process.exitCode = 2;
}
