/** onnxruntime-web on one thread: the reference, equal bit for bit on every machine. */
import type { Runtime } from "./runtime.ts";
import { checkedExternal, orInputError, wrap } from "./session.ts";

export async function openWasm(): Promise<Runtime> {
  const ort = await import("onnxruntime-web/wasm");
  ort.env.wasm.numThreads = 1;
  return {
    name: "wasm",
    package: "onnxruntime-web",
    version: ort.env.versions.web ?? ort.env.versions.common,
    async load(model, external) {
      const externalData = await checkedExternal(model, external);
      const options = { logSeverityLevel: 4, externalData } as const;
      const session = ort.InferenceSession.create(model, options);
      return await orInputError(session.then((s) => wrap(s, ort.Tensor)));
    },
  };
}
