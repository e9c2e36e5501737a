/** onnxruntime-node: fast; its predictions are promised, its logits' last bits are not. */
import { createRequire } from "node:module";
import { InputError } from "../../datasets/storage.ts";
import type { Runtime } from "./runtime.ts";
import { checkedExternal, orInputError, wrap } from "./session.ts";

// A CommonJS package whose exports Node and Deno see differently through import.
const require = createRequire(import.meta.url);

/** @throws InputError where the package has no binary for this platform. */
function requireNative() {
  try {
    return require("onnxruntime-node") as typeof import("onnxruntime-node");
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split("\n");
    throw new InputError(
      `onnxruntime-node does not load here (${reason}); onnxruntime-web runs everywhere: verify --runtime wasm`,
    );
  }
}

export async function openNative(): Promise<Runtime> {
  const ort = requireNative();
  const { version } = require("onnxruntime-node/package.json") as { version: string };
  return {
    name: "native",
    package: "onnxruntime-node",
    version,
    async load(model, external) {
      const externalData = await checkedExternal(model, external);
      const options = { logSeverityLevel: 4, externalData } as const;
      const session = ort.InferenceSession.create(model, options);
      return await orInputError(session.then((s) => wrap(s, ort.Tensor)));
    },
  };
}
