/** Seeded verifications are pure: what was computed once is remembered by what decides it. */
import { LRUCache } from "lru-cache";
import type { Request } from "../../verification/verify-claims.ts";
import type { Service } from "../service.ts";
import { type VerificationTask, type Verified, verifyClaim } from "./verify-claim.ts";

/** Memory for answers, as JSON. */
const CHARACTERS = 8 * 2 ** 20;

/** Tells the shards of a verification again. */
function replay({ report }: Verified, onShard: Request["onShard"]): void {
  for (const { checkpoint, splits } of report.checkpoints) {
    for (const split of ["train", "test"] as const) {
      for (const comparison of splits[split]) onShard?.(checkpoint, split, comparison);
    }
  }
}

/** Verifies a claim, or remembers it by the task's digest; without one nothing is remembered. */
export type Verify = (
  task: VerificationTask,
  digest: string | undefined,
  signal: AbortSignal,
  onShard?: Request["onShard"],
) => Promise<Verified>;

const verifiers = new WeakMap<Service, Verify>();

/** What verifies for a service and remembers, one for all of its routes. */
export function verifierOf(service: Service): Verify {
  const known = verifiers.get(service) ?? rememberingVerifier(service);
  verifiers.set(service, known);
  return known;
}

function rememberingVerifier(service: Service): Verify {
  const answers = new LRUCache<string, Verified>({
    maxSize: CHARACTERS,
    sizeCalculation: (verified) => JSON.stringify(verified).length,
  });
  return async (task, digest, signal, onShard) => {
    const known = digest === undefined ? undefined : answers.get(digest);
    if (known) {
      replay(known, onShard);
      return known;
    }
    const verified = await verifyClaim(service, task, signal, onShard);
    if (digest !== undefined) answers.set(digest, verified);
    return verified;
  };
}
