/** A worker that runs one model on one thread of wasm, by the code of every other reference. */
import { evaluate } from "../../evaluation/evaluate.ts";
import { loadModel } from "../../evaluation/external.ts";
import { resultOf } from "../../evaluation/compare.ts";
import type { Runtime, Session } from "../../evaluation/runtimes/runtime.ts";
import { openWasm } from "../../evaluation/runtimes/wasm.ts";
import { keepBlocks } from "../../datasets/cifar10.ts";
import { InputError } from "../../datasets/storage.ts";
import { env } from "onnxruntime-web/wasm";
import type { FromEvaluator, ToEvaluator } from "../audit/messages.ts";
import { storageOf } from "../audit/sources.ts";

keepBlocks(2); // there may be eight of these workers in a tab

let runtime: Runtime | undefined;
let session: Session | undefined;

function opened(): { runtime: Runtime; session: Session } {
  if (runtime && session) return { runtime, session };
  throw new Error("no model is open");
}

async function answer(asked: ToEvaluator): Promise<FromEvaluator> {
  const { id } = asked;
  switch (asked.kind) {
    case "start":
      env.wasm.wasmBinary = asked.wasm.buffer;
      runtime = await openWasm();
      return { id, version: runtime.version };
    case "open": {
      if (!runtime) throw new Error("it was not started");
      await session?.close();
      const { sources, checkpoint, model } = asked;
      session = await loadModel(runtime, storageOf(sources), checkpoint, model);
      return { id, opened: true };
    }
    case "evaluate": {
      const { sources, view, split, range } = asked;
      const open = opened();
      const shards = evaluate(storageOf(sources), view, open.session, split, [range]);
      for await (const shard of shards) {
        return { id, result: await resultOf(open.runtime, shard) };
      }
      throw new Error("nothing was evaluated");
    }
    case "run":
      return { id, logits: await opened().session.run(asked.images) };
    default:
      throw asked satisfies never;
  }
}

let last: Promise<void> = Promise.resolve();
/** Whoever made this worker sends the port that questions come from. */
globalThis.onmessage = ({ ports: [port] }: MessageEvent) => {
  if (!port) return;
  port.onmessage = ({ data }: MessageEvent<ToEvaluator>) => {
    last = last.then(async () => {
      try {
        port.postMessage(await answer(data));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const input = error instanceof InputError;
        port.postMessage({ id: data.id, error: message, input } satisfies FromEvaluator);
      }
    });
  };
};
