/** onnxruntime-node: fast; its predictions are promised, its logits' last bits are not. */
import { createRequire } from "node:module";
import type { Runtime } from "./runtime.ts";
import { orInputError, wrap } from "./session.ts";

// A CommonJS package whose exports Node and Deno see differently through import.
const require = createRequire(import.meta.url);

export async function openNative(): Promise<Runtime> {
  const ort = require("onnxruntime-node") as typeof import("onnxruntime-node");
  const { version } = require("onnxruntime-node/package.json") as { version: string };
  return {
    name: "native",
    package: "onnxruntime-node",
    version,
    load: (model) =>
      orInputError(
        ort.InferenceSession.create(model, { logSeverityLevel: 4 }).then((s) =>
          wrap(s, ort.Tensor),
        ),
      ),
  };
}
