/** onnxruntime-node: fast; its predictions are promised, its logits' last bits are not. */
import { InputError } from "../../datasets/storage.ts";
import type { Runtime } from "./runtime.ts";
import { checkedExternal, orInputError, wrap } from "./session.ts";

/** @throws InputError where the package is not there or has no binary for this platform. */
function load(require: NodeJS.Require) {
  try {
    // A CommonJS package whose exports Node and Deno see differently through import.
    return require("onnxruntime-node") as typeof import("onnxruntime-node");
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split("\n");
    throw new InputError(
      `onnxruntime-node does not load here (${reason}); onnxruntime-web runs everywhere: verify --runtime wasm`,
    );
  }
}

/**
 * @param require that finds the package
 * @param threads that a session computes on; by default as many as the machine has cores
 */
export function nativeOf(require: NodeJS.Require, threads?: number): Runtime {
  const ort = load(require);
  const { version } = require("onnxruntime-node/package.json") as { version: string };
  const options = { logSeverityLevel: 4 as const, ...(threads && { intraOpNumThreads: threads }) };
  return {
    name: "native",
    package: "onnxruntime-node",
    version,
    async load(model, external) {
      const externalData = await checkedExternal(model, external);
      const session = ort.InferenceSession.create(model, { ...options, externalData });
      return await orInputError(session.then((s) => wrap(s, ort.Tensor)));
    },
  };
}
