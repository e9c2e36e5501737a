/** Workers that evaluate, one a core, each with a thread of wasm of its own. */
import { InputError } from "../../datasets/storage.ts";
import type { FromEvaluator, ToEvaluator } from "./messages.ts";

type Ask<T> = T extends unknown ? Omit<T, "id"> : never;

export interface Evaluator {
  ask(question: Ask<ToEvaluator>): Promise<FromEvaluator>;
  end(): void;
}

/** Each holds a model and its activations; more than this would fill a tab. */
const MOST = 8;

export function coreCount(): number {
  return Math.max(1, Math.min(MOST, navigator.hardwareConcurrency || 1));
}

export function startEvaluator(root: string): Evaluator {
  const worker = new Worker(new URL("assets/evaluator.js", root), { type: "module" });
  const waiting = new Map<
    number,
    { resolve(answer: FromEvaluator): void; reject(error: Error): void }
  >();
  let count = 0;
  let ended: Error | undefined;
  function fail(error: Error): void {
    ended = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }
  worker.onmessage = ({ data }: MessageEvent<FromEvaluator>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (!("error" in data)) asked?.resolve(data);
    else asked?.reject(data.input ? new InputError(data.error) : new Error(data.error));
  };
  worker.onerror = (event) => {
    fail(new Error(event.message || "a worker could not be started"));
  };
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        const id = count++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ ...question, id });
      }),
    end() {
      worker.terminate();
      fail(new Error("the worker was ended"));
    },
  };
}
