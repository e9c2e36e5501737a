/**
 * The endpoint as an AWS Lambda function: `handler` behind API Gateway or a function URL that
 * buffers, `streaming` behind a function URL that streams. Files come from RETHINK_ORIGIN.
 * Native runs the models where the bundle holds onnxruntime-node, and wasm does otherwise.
 */
import { createRequire } from "node:module";
import { Hono } from "hono";
import { handle, streamHandle } from "hono/aws-lambda";
import { InputError } from "../../datasets/storage.ts";
import { nativeOf } from "../../evaluation/runtimes/native-of.ts";
import type { Runtime } from "../../evaluation/runtimes/runtime.ts";
import { openWasm } from "../../evaluation/runtimes/wasm.ts";
import { jsonLines } from "../middleware/log.ts";
import { openedOnce } from "./bare.ts";

/** Beside the bundle; nothing is fetched while a client waits. */
function nativeIfThere(): Runtime[] {
  try {
    return [nativeOf(createRequire(import.meta.url))];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (!error.message.includes("Cannot find module")) {
      const event = "wasm alone runs the models";
      jsonLines("errors")({ level: "error", event, error: error.message });
    }
    return [];
  }
}

/** @param compile gives onnxruntime-web's module */
export function createLambda(compile: () => Promise<WebAssembly.Module>) {
  const opened = openedOnce({
    openRuntimes: async () => [...nativeIfThere(), await openWasm(await compile())],
  });
  // Lambda's environment is the process's; what comes with the request is the event.
  const app = new Hono().all("*", async (c) => {
    const { fetch } = await opened(process.env);
    return await fetch(c.req.raw);
  });
  return {
    handler: handle(app),
    streaming: "awslambda" in globalThis ? streamHandle(app) : undefined,
  };
}
