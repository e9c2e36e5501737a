/**
 * Runs models apart from who asks: both packages compute on the thread that calls them. wasm has a
 * thread; native has a process, since nothing ends a thread inside of native code, and a fault
 * there ends all that is in its process. Deno's threads are not ended inside of wasm either.
 */
import { InputError } from "../../datasets/storage.ts";
import type { Calls, Reply, Request } from "./answering.ts";
import { fittingThreads } from "./memory.ts";
import { type Events, startProcess, startThread } from "./port.ts";
import type { ExternalFile, Runtime, RuntimeName, Session } from "./runtime.ts";
import { checkedExternal } from "./session.ts";

export interface ApartRuntime extends Runtime {
  /** Ends what runs it, which keeps this process alive until then. */
  stop(): void;
}

const PROCESS = { kind: "process", start: startProcess };
const PLACES = {
  native: PROCESS,
  wasm: "Deno" in globalThis ? PROCESS : { kind: "thread", start: startThread },
};

function failure({ message, cause, input }: Reply & { kind: "failed" }): Error {
  return input ? new InputError(message, { cause }) : new Error(message);
}

interface Place {
  ended(): boolean;
  ask<K extends keyof Calls>(
    kind: K,
    request: Calls[K][0],
    transfer?: ArrayBuffer[],
  ): Promise<Calls[K][1]>;
  terminate(): void;
}

function startPlace(name: RuntimeName, seconds?: number): Place {
  const { kind, start } = PLACES[name];
  type Value = Calls[keyof Calls][1];
  const pending = new Map<
    number,
    { resolve: (value: Value) => void; reject: (error: Error) => void }
  >();
  let count = 0;
  let ended: Error | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends the place where it has work and says nothing for too long: a model may never end. */
  function watch(): void {
    clearTimeout(timer);
    if (seconds === undefined || pending.size === 0) return;
    timer = setTimeout(() => {
      events.onEnd(new Error(`it computed for longer than ${seconds} s`));
      port.terminate();
    }, seconds * 1000);
  }
  const events: Events = {
    onReply(reply) {
      const waiting = pending.get(reply.id);
      pending.delete(reply.id);
      watch();
      if (reply.kind === "done") waiting?.resolve(reply.value);
      else waiting?.reject(failure(reply));
    },
    onEnd(error) {
      ended ??= new Error(`the ${kind} of ${name} ended: ${error.message}`, { cause: error });
      for (const { reject } of pending.values()) reject(ended);
      pending.clear();
      clearTimeout(timer);
    },
  };
  const port = start(events);
  return {
    ended: () => ended !== undefined,
    async ask(kind, request, transfer = []) {
      if (ended) throw ended;
      const id = count++;
      const value = new Promise<Value>((resolve, reject) => {
        pending.set(id, { resolve, reject });
        if (pending.size === 1) watch();
        port.post({ kind, id, ...request } as Request, transfer);
      });
      return (await value) as Calls[typeof kind][1];
    },
    terminate() {
      events.onEnd(new Error("it was stopped"));
      port.terminate();
    },
  };
}

/**
 * A runtime in a place of its own, which starts with the first model, and again if it ever ends.
 *
 * @param threads of native's own, in which a session computes
 * @param priority as nice has it: by default whoever answers requests goes before who evaluates
 * @param seconds after which a place that answers nothing is ended, and another started for the next
 * @param fits whether it is known that memory has room; else `load` throws MachineFault where it has none
 */
export function apart(
  { name, package: from, version }: Runtime,
  {
    threads,
    priority = 10,
    seconds,
    fits = false,
  }: { threads?: number; priority?: number; seconds?: number; fits?: boolean } = {},
): ApartRuntime {
  let place: Place | undefined;

  function placeToRun(): Place {
    if (place && !place.ended()) return place;
    if (name === "wasm" && !fits) fittingThreads(1);
    place = startPlace(name, seconds);
    return place;
  }

  async function load(
    model: Uint8Array<ArrayBuffer>,
    readExternal?: () => Promise<ExternalFile[]>,
  ): Promise<Session> {
    const external = await checkedExternal(model, readExternal);
    const mine = placeToRun(); // a session lives and ends with its place
    const request = { runtime: name, threads, priority, model, external };
    const { session, imageBytes } = await mine.ask("load", request);
    return {
      imageBytes,
      async run(images) {
        const copy = images.slice();
        const { logits } = await mine.ask("run", { session, images: copy }, [copy.buffer]);
        return logits;
      },
      alive: () => !mine.ended(),
      async close() {
        if (!mine.ended()) await mine.ask("close", { session });
      },
    };
  }

  return { name, package: from, version, load, stop: () => place?.terminate() };
}
