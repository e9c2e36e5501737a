/** A worker's threads: each computes one job, with one thread of the runtime's own. */
import { LRUCache } from "lru-cache";
import type { Runtime, RuntimeName, Session } from "../evaluation/runtimes/runtime.ts";
import { apart, type ApartRuntime } from "../evaluation/runtimes/apart.ts";

/** Models that a thread keeps ready: jobs of one come after each other. */
const READY = 2;
/** Seconds for a model to be loaded, or for 100 images, before a thread counts as hung: Inception takes 1 to 7. */
const PATIENCE = 300;

export interface Crew {
  /** Runs `work` with a session of the model, on a thread that is free. */
  use<T>(
    runtime: RuntimeName,
    model: { key: string; load(runtime: Runtime): Promise<Session> },
    work: (session: Session) => Promise<T>,
  ): Promise<T>;
  stop(): void;
}

interface Thread {
  runtimes: Map<RuntimeName, ApartRuntime>;
  /** Sessions by runtime and model. */
  sessions: LRUCache<string, Session>;
}

function newThread(): Thread {
  const dispose = (session: Session) => void session.close().catch(() => {});
  return { runtimes: new Map(), sessions: new LRUCache({ max: READY, dispose }) };
}

/**
 * @param size how many threads; each has the models that it computes for itself
 * @param patience seconds after which a thread that does not answer is ended
 */
export function openCrew(runtimes: Runtime[], size: number, patience = PATIENCE): Crew {
  const free = Array.from({ length: size }, newThread);
  const all = [...free];
  const waiting: ((thread: Thread) => void)[] = [];

  /** A free thread, rather one that has the model ready. */
  async function take(key: string): Promise<Thread> {
    const ready = free.findIndex(({ sessions }) => sessions.has(key));
    const [thread] = free.splice(Math.max(ready, 0), 1);
    return thread ?? (await new Promise<Thread>((resolve) => waiting.push(resolve)));
  }

  function give(thread: Thread): void {
    const next = waiting.shift();
    if (next) next(thread);
    else free.unshift(thread);
  }

  function runtimeOf({ runtimes: own }: Thread, name: RuntimeName): ApartRuntime {
    const known = own.get(name);
    if (known) return known;
    const runtime = runtimes.find((r) => r.name === name);
    if (!runtime) throw new Error(`there is no ${name} here`);
    const opened = apart(runtime, { threads: 1, priority: 0, seconds: patience });
    own.set(name, opened);
    return opened;
  }

  return {
    async use(name, { key: model, load }, work) {
      const key = `${name} ${model}`;
      const thread = await take(key);
      try {
        const runtime = runtimeOf(thread, name);
        const session = thread.sessions.get(key) ?? (await load(runtime));
        thread.sessions.set(key, session);
        return await work(session);
      } catch (error) {
        thread.sessions.clear(); // the thread may be gone, and all with it
        throw error;
      } finally {
        give(thread);
      }
    },
    stop() {
      for (const { runtimes: own } of all) for (const runtime of own.values()) runtime.stop();
    },
  };
}
