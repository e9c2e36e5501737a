/** Work under way is shared by all who ask for it meanwhile, and ends once all of them have left. */
import { ClientGone } from "../answers/failure.ts";

interface Joint<T> {
  promise: Promise<T>;
  controller: AbortController;
  clients: number;
}

/**
 * Does the work of a key, or joins the one that does.
 * @throws what the work throws; the reason of the signal, which ends the work only if no one else waits.
 */
export type JoinedWork<T> = (
  key: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

export function joinedWork<T>(
  startsFor: (signal: AbortSignal, first: AbortSignal) => void = () => {},
): JoinedWork<T> {
  const pending = new Map<string, Joint<T>>();

  function begin(key: string, first: AbortSignal, work: (signal: AbortSignal) => Promise<T>) {
    const controller = new AbortController();
    startsFor(controller.signal, first);
    const promise = work(controller.signal).finally(() => {
      if (pending.get(key) === joint) pending.delete(key);
    });
    promise.catch(() => {}); // told to those who still wait
    const joint: Joint<T> = { promise, controller, clients: 0 };
    pending.set(key, joint);
    return joint;
  }

  return async (key, signal, work) => {
    signal.throwIfAborted();
    const joint = pending.get(key) ?? begin(key, signal, work);
    joint.clients++;
    let leave = () => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
    });
    try {
      return await Promise.race([joint.promise, left]);
    } finally {
      signal.removeEventListener("abort", leave);
      if (--joint.clients === 0) {
        if (pending.get(key) === joint) pending.delete(key);
        joint.controller.abort(new ClientGone("all who asked went away"));
      }
    }
  };
}
