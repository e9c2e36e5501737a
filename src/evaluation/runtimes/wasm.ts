/** onnxruntime-web on one thread: the reference, equal bit for bit on every machine. */
import type { Runtime } from "./runtime.ts";
import { orInputError, wrap } from "./session.ts";

export async function openWasm(): Promise<Runtime> {
  const ort = await import("onnxruntime-web/wasm");
  ort.env.wasm.numThreads = 1;
  return {
    name: "wasm",
    package: "onnxruntime-web",
    version: ort.env.versions.web ?? ort.env.versions.common,
    load: (model) =>
      orInputError(
        ort.InferenceSession.create(model, { logSeverityLevel: 4 }).then((s) =>
          wrap(s, ort.Tensor),
        ),
      ),
  };
}
