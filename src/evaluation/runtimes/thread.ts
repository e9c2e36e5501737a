/** Runs models in a thread of its own: both packages compute on the thread that calls them. */
import { Worker as NodeWorker } from "node:worker_threads";
import { InputError } from "../../datasets/storage.ts";
import type { ExternalFile, Runtime, RuntimeName, Session } from "./runtime.ts";
import { checkedExternal } from "./session.ts";
import type { Calls, Reply, Request } from "./thread-worker.ts";

export interface ThreadedRuntime extends Runtime {
  /** Ends the thread, which keeps the process alive until then. */
  stop(): void;
}

interface Port {
  post(request: Request, transfer: ArrayBuffer[]): void;
  terminate(): void;
}

interface Events {
  onReply: (reply: Reply) => void;
  onEnd: (error: Error) => void;
}

/** Built, this is JavaScript, and so is the program of the thread. */
const BUILT = import.meta.url.endsWith(".js");
const PROGRAM = new URL(BUILT ? "./thread-worker.js" : "./thread-worker.ts", import.meta.url);

/** Node 20 reads TypeScript only through tsx, which a thread must load for itself. */
function startSources(): NodeWorker {
  const [tsx, program] = [import.meta.resolve("tsx/esm/api"), PROGRAM.href].map((url) =>
    JSON.stringify(url),
  );
  return new NodeWorker(
    `import(${tsx}).then(({ register }) => { register(); return import(${program}); })`,
    { eval: true },
  );
}

function startInNode({ onReply, onEnd }: Events): Port {
  const worker = BUILT ? new NodeWorker(PROGRAM) : startSources();
  worker.on("message", onReply);
  worker.on("error", onEnd);
  worker.on("exit", (code) => onEnd(new Error(`the thread ended with ${code}`)));
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    terminate: () => void worker.terminate(),
  };
}

/** Deno's node:worker_threads takes 150 ms for a message of 300 kB; its own Worker takes one. */
function startInDeno({ onReply, onEnd }: Events): Port {
  const worker = new Worker(PROGRAM, { type: "module" });
  worker.onmessage = ({ data }) => onReply(data);
  worker.onerror = (event) => {
    event.preventDefault(); // unhandled, it would end the process
    onEnd(new Error(event.message));
  };
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    terminate: () => worker.terminate(),
  };
}

function failure({ message, cause, input }: Reply & { kind: "failed" }): Error {
  return input ? new InputError(message, { cause }) : new Error(message);
}

interface Thread {
  ended(): boolean;
  ask<K extends keyof Calls>(
    kind: K,
    request: Calls[K][0],
    transfer?: ArrayBuffer[],
  ): Promise<Calls[K][1]>;
  terminate(): void;
}

function startThread(name: RuntimeName, seconds?: number): Thread {
  type Value = Calls[keyof Calls][1];
  const pending = new Map<
    number,
    { resolve: (value: Value) => void; reject: (error: Error) => void }
  >();
  let count = 0;
  let ended: Error | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends the thread where it has work and says nothing for too long: a model may never end. */
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
      ended ??= new Error(`the thread of ${name} ended`, { cause: error });
      for (const { reject } of pending.values()) reject(ended);
      pending.clear();
      clearTimeout(timer);
    },
  };
  const port = "Deno" in globalThis ? startInDeno(events) : startInNode(events);
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
 * A runtime in a thread, which starts with the first model, and again if it ever ends.
 * Under Deno 2.9 wasm never loads in a thread after it was loaded outside of one; the
 * other order works, and a server loads it in the thread alone.
 *
 * @param threads of native's own, in which a session computes
 * @param priority as nice has it: by default whoever answers requests goes before who evaluates
 * @param seconds after which a thread that answers nothing is ended, and another started for the next
 */
export function inThread(
  { name, package: from, version }: Runtime,
  {
    threads,
    priority = 10,
    seconds,
  }: { threads?: number; priority?: number; seconds?: number } = {},
): ThreadedRuntime {
  let thread: Thread | undefined;

  async function load(
    model: Uint8Array<ArrayBuffer>,
    readExternal?: () => Promise<ExternalFile[]>,
  ): Promise<Session> {
    const external = await checkedExternal(model, readExternal);
    if (!thread || thread.ended()) thread = startThread(name, seconds);
    const mine = thread; // a session lives and ends with its thread
    const request = { runtime: name, threads, priority, model, external };
    const { session, imageBytes } = await mine.ask("load", request);
    return {
      imageBytes,
      async run(images) {
        const copy = images.slice();
        const { logits } = await mine.ask("run", { session, images: copy }, [copy.buffer]);
        return logits;
      },
      async close() {
        if (!mine.ended()) await mine.ask("close", { session });
      },
    };
  }

  return { name, package: from, version, load, stop: () => thread?.terminate() };
}
