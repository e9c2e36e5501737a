/** A model run on images that a client sends. */
import { datasetOf } from "../../datasets/datasets.ts";
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import { BATCH } from "../../evaluation/evaluate.ts";
import { loadModel } from "../../evaluation/external.ts";
import type { Inference } from "../answers/tensors.ts";
import type { Service } from "../service.ts";
import { runtimeOf } from "./lookup.ts";
import { modelOf } from "./published.ts";
import { untilAborted } from "./until-aborted.ts";

/** Logits float32 [n, 10] of images uint8 [n, 3, 32, 32]. */
export async function infer(
  service: Service,
  checkpoint: Checkpoint,
  { images, runtime: wanted }: Inference,
  signal: AbortSignal,
) {
  const runtime = runtimeOf(service, wanted);
  const { imageBytes } = datasetOf(checkpoint.recipe.view.dataset);
  const logits = new Float32Array((images.length / imageBytes) * 10);
  await service.limiter.run(signal, async () => {
    const model = await untilAborted(signal, modelOf(service, checkpoint));
    const session = await loadModel(runtime, service.dataset, checkpoint, model);
    try {
      for (let at = 0; at < images.length; at += BATCH * imageBytes) {
        signal.throwIfAborted();
        const batch = images.slice(at, at + BATCH * imageBytes);
        logits.set(await session.run(batch), (at / imageBytes) * 10);
      }
    } finally {
      await session.close();
    }
  });
  service.metrics?.evaluated(runtime.name, images.length / imageBytes);
  const { name, package: from, version } = runtime;
  return { logits, ran: { runtime: name, package: from, version } };
}
