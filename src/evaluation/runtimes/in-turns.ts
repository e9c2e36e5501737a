/**
 * A runtime on the thread that answers requests: it takes few images at a time, as what a net keeps
 * of each layer grows with them, and between them what was written is sent and others are answered.
 */
import { CLASSES } from "../evaluate.ts";
import type { Runtime, Session } from "./runtime.ts";

/** @param most images a call; the logits of each are the same whatever it is called with */
export function inTurns(runtime: Runtime, most: number): Runtime {
  return {
    ...runtime,
    async load(...model): Promise<Session> {
      const session = await runtime.load(...model);
      return {
        ...session,
        async run(images) {
          const { imageBytes } = session;
          const logits = new Float32Array((images.length / imageBytes) * CLASSES);
          for (let at = 0; at * imageBytes < images.length; at += most) {
            const some = images.subarray(at * imageBytes, (at + most) * imageBytes);
            logits.set(await session.run(some), at * CLASSES);
            await new Promise((resolve) => setTimeout(resolve)); // a promise alone would not do
          }
          return logits;
        },
      };
    },
  };
}
