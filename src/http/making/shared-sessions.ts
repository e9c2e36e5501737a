/** A runtime that keeps the last models loaded, so that the next request need not load them. */
import { LRUCache } from "lru-cache";
import { sha256Hex } from "../../datasets/digest.ts";
import type { ExternalFile, Runtime, Session } from "../../evaluation/runtimes/runtime.ts";

interface Shared {
  session: Promise<Session>;
  users: number;
  alive(): boolean;
  /** No longer in the cache: the last user closes it. */
  evicted: boolean;
}

function closeIfUnused({ session, users, evicted }: Shared): void {
  if (evicted && users === 0) {
    session.then((s) => s.close()).catch(() => {}); // what failed to load needs no closing
  }
}

/** @param max how many models stay loaded beside those in use */
export function sharedSessions(runtime: Runtime, max: number): Runtime {
  const loaded = new LRUCache<string, Shared>({
    max,
    dispose(shared) {
      shared.evicted = true;
      closeIfUnused(shared);
    },
  });

  function share(sha256: string, ...model: Parameters<Runtime["load"]>): Shared {
    const known = loaded.get(sha256);
    if (known?.alive()) return known;
    const shared: Shared = {
      session: runtime.load(...model),
      users: 0,
      evicted: false,
      alive: () => true,
    };
    shared.session.then(
      ({ alive = shared.alive }) => Object.assign(shared, { alive }),
      () => {}, // thrown to whoever waits
    );
    loaded.set(sha256, shared);
    return shared;
  }

  async function load(
    model: Uint8Array<ArrayBuffer>,
    external?: () => Promise<ExternalFile[]>,
  ): Promise<Session> {
    const sha256 = await sha256Hex(model);
    const shared = share(sha256, model, external);
    /** A session that failed is not given to the next. */
    const orForget = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        if (loaded.peek(sha256) === shared) loaded.delete(sha256);
        throw error;
      }
    };
    shared.users++;
    let open = true;
    const close = async () => {
      if (!open) return;
      open = false;
      shared.users--;
      closeIfUnused(shared);
    };
    try {
      const session = await orForget(shared.session);
      return { ...session, run: (images) => orForget(session.run(images)), close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  return { ...runtime, load };
}
