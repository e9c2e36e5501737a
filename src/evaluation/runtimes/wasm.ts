/** onnxruntime-web on one thread: the reference, equal bit for bit on every machine. */
import { withBoundedMemory } from "./bounded-memory.ts";
import { instantiateAlways } from "./precompiled.ts";
import type { Runtime } from "./runtime.ts";
import { checkedExternal, orInputError, wrap } from "./session.ts";

/**
 * @param compiled onnxruntime-web's ort-wasm-simd-threaded.wasm, where it is not to be compiled here
 */
export async function openWasm(compiled?: WebAssembly.Module): Promise<Runtime> {
  const ort = await import("onnxruntime-web/wasm");
  ort.env.wasm.numThreads = 1;
  if (compiled) {
    instantiateAlways(compiled);
    ort.env.wasm.wasmBinary = new ArrayBuffer(1); // it is never looked at
  }
  return {
    name: "wasm",
    package: "onnxruntime-web",
    version: ort.env.versions.web ?? ort.env.versions.common,
    async load(model, external) {
      const externalData = await checkedExternal(model, external);
      const options = { logSeverityLevel: 4, externalData } as const;
      const session = withBoundedMemory(() => ort.InferenceSession.create(model, options));
      return await orInputError(session.then((s) => wrap(s, ort.Tensor)));
    },
  };
}
