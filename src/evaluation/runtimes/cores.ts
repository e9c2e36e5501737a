/** A runtime of one thread on all of a machine's cores. */
import { availableParallelism } from "node:os";
import { CLASSES } from "../evaluate.ts";
import type { Runtime, Session } from "./runtime.ts";
import { fittingThreads } from "./memory.ts";
import { apart, type ApartRuntime } from "./apart.ts";

/** Each thread holds the model and its activations for itself. */
const MOST = 8;

/** One session of several, each of which computes a part of every batch. */
function share(sessions: Session[]): Session {
  const { imageBytes } = sessions[0] as Session;
  return {
    imageBytes,
    async run(images) {
      const count = images.length / imageBytes;
      const logits = new Float32Array(count * CLASSES);
      const part = Math.ceil(count / sessions.length);
      const parts = sessions.map(async (session, k) => {
        const start = Math.min(k * part, count);
        const end = Math.min(start + part, count);
        if (start === end) return;
        const own = images.subarray(start * imageBytes, end * imageBytes);
        logits.set(await session.run(own), start * CLASSES);
      });
      await Promise.all(parts);
      return logits;
    },
    async close() {
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

/**
 * An example's logits are the same alone and in any batch, so that threads may
 * share one.
 * @param count of threads; one a core, and no more than memory has room for
 * @throws InputError if there is room for none
 */
export function onCores(
  runtime: Runtime,
  count = fittingThreads(Math.min(MOST, availableParallelism())),
): ApartRuntime {
  const threads = Array.from({ length: count }, () => apart(runtime, { fits: true }));
  return {
    ...runtime,
    load: async (model, external) =>
      share(await Promise.all(threads.map((thread) => thread.load(model, external)))),
    stop() {
      for (const thread of threads) thread.stop();
    },
  };
}
