/** Workers that evaluate, one a core, each with a thread of wasm of its own. */
import { InputError } from "../../datasets/storage.ts";
import type { FromEvaluator, ToEvaluator } from "./messages.ts";

type Ask<T> = T extends unknown ? Omit<T, "id"> : never;

/** Each holds a model and its activations; more than this would fill a tab. */
const MOST = 8;

export function coreCount(): number {
  return Math.max(1, Math.min(MOST, navigator.hardwareConcurrency || 1));
}

/** A worker as the page holds it, and where it answers. */
export interface Started {
  port: MessagePort;
  end(): void;
}

/**
 * To be called by the page, which hands on the port: Firefox 153 now and then hangs for good where a
 * worker makes another.
 */
export function startEvaluator(root: string, onError: (message: string) => void): Started {
  const worker = new Worker(new URL("assets/evaluator.js", root), { type: "module" });
  worker.onerror = (event) => onError(event.message || "a worker could not be started");
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(undefined, [port2]);
  return { port: port1, end: () => worker.terminate() };
}

export interface Evaluator {
  /** @throws InputError where the evaluator met one, Error for whatever else it met. */
  ask(question: Ask<ToEvaluator>): Promise<FromEvaluator>;
}

/** Asks the evaluator at a port, and knows which of its answers is to what. */
export function evaluatorAt(port: MessagePort): Evaluator {
  const waiting = new Map<
    number,
    { resolve(answer: FromEvaluator): void; reject(error: Error): void }
  >();
  let count = 0;
  port.onmessage = ({ data }: MessageEvent<FromEvaluator>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (!("error" in data)) asked?.resolve(data);
    else asked?.reject(data.input ? new InputError(data.error) : new Error(data.error));
  };
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const id = count++;
        waiting.set(id, { resolve, reject });
        port.postMessage({ ...question, id });
      }),
  };
}
