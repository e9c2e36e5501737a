/** Seeded verifications are pure: by what decides one, it is remembered, and shared while it is under way. */
import type { Request } from "../../verification/verify-claims.ts";
import type { Service } from "../service.ts";
import { joinedWork } from "./joined-work.ts";
import type { Hold } from "./limiter.ts";
import { perService } from "./per-service.ts";
import { type VerificationTask, type Verified, verifyClaim } from "./verify-claim.ts";

type OnShard = NonNullable<Request["onShard"]>;

/** A verification that was kept, its shards told again. */
function replayed(text: string, onShard: OnShard | undefined): Verified {
  const verified: Verified = JSON.parse(text);
  for (const { checkpoint, splits } of verified.report.checkpoints) {
    for (const split of ["train", "test"] as const) {
      for (const comparison of splits[split]) onShard?.(checkpoint, split, comparison);
    }
  }
  return verified;
}

export interface VerificationOptions {
  /** Told each shard, those too that were done before one joined. */
  onShard?: OnShard;
  /** Kept for the work, if it is this one's. */
  place?: Hold;
  /** What is remembered is not enough: it is to be computed now. */
  fresh?: boolean;
}

export interface Verifications {
  /** Verifies a claim, or remembers or joins it by the task's digest; without one it is alone. */
  verify(
    task: VerificationTask,
    digest: string | undefined,
    signal: AbortSignal,
    options?: VerificationOptions,
  ): Promise<Verified>;
  /**
   * Keeps a place for a task, unless it needs none of its own.
   * @throws Problem `busy` if there is none
   */
  hold(digest: string | undefined, client: unknown): Hold | undefined;
  /** Which signal the limiter knows a task by that was given `own`. */
  signalOf(digest: string | undefined, own: AbortSignal): AbortSignal | undefined;
}

/** The verifications of a service, for all of its routes. */
export const verificationsOf = perService(createVerifications);

function createVerifications(service: Service): Verifications {
  const { answers } = service;
  const shared = joinedWork<Verified, Parameters<OnShard>>();
  return {
    async verify(task, digest, signal, { onShard, place, fresh = false } = {}) {
      if (digest === undefined) {
        place?.use(signal);
        return await verifyClaim(service, task, signal, onShard);
      }
      const known = fresh ? undefined : answers.known(digest);
      if (known !== undefined) return replayed(known, onShard);
      return await shared.join(
        digest,
        signal,
        async (own, tell) => {
          const onEach: OnShard = (...shard) => tell(shard);
          const found = fresh ? undefined : await answers.find(digest);
          if (found !== undefined) return replayed(found, onEach);
          place?.use(own);
          const verified = await verifyClaim(service, task, own, onEach);
          await answers.keep(digest, JSON.stringify(verified));
          return verified;
        },
        (shard) => onShard?.(...shard),
      );
    },
    hold(digest, client) {
      const free =
        digest !== undefined && (answers.known(digest) !== undefined || shared.signalOf(digest));
      return free ? undefined : service.limiter.hold(client);
    },
    signalOf: (digest, own) => (digest === undefined ? own : shared.signalOf(digest)),
  };
}
