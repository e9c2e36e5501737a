/** A runtime that takes few images at a time: what a net keeps of each layer grows with them. */
import { IMAGE_BYTES } from "../../datasets/cifar10.ts";
import { CLASSES } from "../evaluate.ts";
import type { Runtime, Session } from "./runtime.ts";

/** @param most images a call; the logits of each are the same whatever it is called with */
export function smallBatches(runtime: Runtime, most: number): Runtime {
  return {
    ...runtime,
    async load(...model): Promise<Session> {
      const session = await runtime.load(...model);
      return {
        ...session,
        async run(images) {
          const logits = new Float32Array((images.length / IMAGE_BYTES) * CLASSES);
          for (let at = 0; at * IMAGE_BYTES < images.length; at += most) {
            const some = images.subarray(at * IMAGE_BYTES, (at + most) * IMAGE_BYTES);
            logits.set(await session.run(some), at * CLASSES);
          }
          return logits;
        },
      };
    },
  };
}
