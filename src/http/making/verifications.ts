/** Seeded verifications are pure: by the digest of what decides one it is remembered, and shared while it is under way. */
import { SPLITS } from "../../datasets/cifar10.ts";
import type { Request } from "../../verification/verify-claims.ts";
import type { Service } from "../service.ts";
import type { Hold } from "./limiter.ts";
import { type VerificationTask, type Verified, verifyClaim } from "./verify-claim.ts";

type OnShard = NonNullable<Request["onShard"]>;

/** Tells the shards of a verification that was kept. */
function tellShards({ report }: Verified, onShard: OnShard): void {
  for (const { checkpoint, splits } of report.checkpoints) {
    for (const split of SPLITS) {
      for (const comparison of splits[split]) onShard(checkpoint, split, comparison);
    }
  }
}

export interface VerificationOptions {
  /** Told each shard, those too that were done before one joined. */
  onShard?: OnShard;
  /** Kept for the work, if it is this one's. */
  place?: Hold;
  /** What is remembered is not enough: it is to be computed now. */
  fresh?: boolean;
}

/** Verifies a claim, or remembers or joins it by the task's digest; without one it is alone. */
export async function verify(
  service: Service,
  task: VerificationTask,
  digest: string | undefined,
  signal: AbortSignal,
  { onShard = () => {}, place, fresh = false }: VerificationOptions = {},
): Promise<Verified> {
  const compute = async (own: AbortSignal, onEach: OnShard) => {
    place?.use(own);
    return await verifyClaim(service, task, own, onEach);
  };
  if (digest === undefined) return await compute(signal, onShard);
  let told = false;
  const onNews = (shard: Parameters<OnShard>) => {
    told = true;
    onShard(...shard);
  };
  const text = await service.answers.get<Parameters<OnShard>>(
    digest,
    signal,
    async (own, tell) => JSON.stringify(await compute(own, (...shard) => tell(shard))),
    { onNews, fresh },
  );
  const verified: Verified = JSON.parse(text);
  if (!told) tellShards(verified, onShard);
  return verified;
}

/**
 * Keeps a place for a task, unless it needs none of its own.
 * @throws Problem `busy` if there is none
 */
export function placeFor(
  { answers, limiter }: Service,
  digest: string | undefined,
  client: unknown,
): Hold | undefined {
  const free =
    digest !== undefined && (answers.known(digest) !== undefined || answers.signalOf(digest));
  return free ? undefined : limiter.hold(client);
}

/** Which signal the limiter knows a task by that was given `own`. */
export function signalOf({ answers }: Service, digest: string | undefined, own: AbortSignal) {
  return digest === undefined ? own : answers.signalOf(digest);
}
