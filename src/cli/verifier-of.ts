/** What recomputes for `verify`: this machine, a server, or the workers of a queue. */
import { type AnswerStore, remoteVerifier } from "../client/remote.ts";
import { onCores } from "../evaluation/runtimes/cores.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { CACHE, openDataset } from "../local/dataset.ts";
import type { Pack } from "../verification/pack.ts";
import { localVerifier, type Verifier } from "../verification/verifier.ts";
import { datasetsOf, type WorkItem } from "../verification/work.ts";
import { answerStore } from "./answer-store.ts";
import type { Ran } from "./ran.ts";

export interface VerifierOptions {
  runtime: RuntimeName;
  /** A server that evaluates instead of this machine. */
  url?: URL;
  /** A queue whose workers evaluate instead of this machine. */
  queue?: URL;
  /** Requests at once to a server. */
  concurrency: number;
}

export interface Verifying {
  verifier: Verifier;
  store?: AnswerStore;
  workers?: () => NonNullable<Ran["workers"]>;
  /** Told whether the run came to its end. */
  stop?: (ended: boolean) => void | Promise<void>;
}

/** What recomputes, this machine or the server that --url names, and what ends it. */
export async function verifierOf(
  { url, queue, runtime, concurrency }: VerifierOptions,
  pack: Pack,
  work: WorkItem[],
): Promise<Verifying> {
  if (queue) {
    const { openQueueVerifier } = await import("./queue.ts");
    const verifier = await openQueueVerifier(queue, runtime, pack, work);
    return { verifier, workers: verifier.workers, stop: verifier.close };
  }
  if (url) {
    const store = await answerStore(CACHE, url);
    return { verifier: remoteVerifier({ origin: url, runtime, concurrency, store }), store };
  }
  const dataset = await openDataset(...(await datasetsOf(pack, work)));
  const one = await openRuntime(runtime);
  if (runtime === "native") return { verifier: localVerifier(dataset, one, true) }; // has threads of its own
  const threads = onCores(one);
  return { verifier: localVerifier(dataset, threads, true), stop: threads.stop };
}
