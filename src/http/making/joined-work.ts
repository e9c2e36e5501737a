/** Work under way is shared by all who ask for it meanwhile, and ends once all of them have left. */
import { ClientGone } from "../answers/failure.ts";
import { keepGoing, passAsker } from "./asker.ts";
import { untilAborted } from "./until-aborted.ts";

/** Work that heeds a signal and tells of its progress. */
export type Work<T, News> = (signal: AbortSignal, tell: (news: News) => void) => Promise<T>;

interface Joint<T, News> {
  promise: Promise<T>;
  controller: AbortController;
  /** What was told. */
  news: News[];
  clients: Set<(news: News) => void>;
}

export interface JoinedWork<T, News> {
  /**
   * Does the work of a key, or joins the one that does; who joins is told what was told before.
   * @throws what the work throws; the reason of the signal, which ends the work only if no one else waits.
   */
  join(
    key: string,
    signal: AbortSignal,
    work: Work<T, News>,
    onNews?: (news: News) => void,
  ): Promise<T>;
  /** The signal of the work of a key that is under way. */
  signalOf(key: string): AbortSignal | undefined;
}

export function joinedWork<T, News = never>(): JoinedWork<T, News> {
  const pending = new Map<string, Joint<T, News>>();

  function begin(key: string, first: AbortSignal, work: Work<T, News>): Joint<T, News> {
    const controller = new AbortController();
    passAsker(controller.signal, first);
    const news: News[] = [];
    const clients: Joint<T, News>["clients"] = new Set();
    const tell = (one: News) => {
      news.push(one);
      for (const onNews of clients) onNews(one);
    };
    const promise = work(controller.signal, tell).finally(() => {
      if (pending.get(key) === joint) pending.delete(key);
    });
    promise.catch(() => {}); // told to those who still wait
    keepGoing(controller.signal, promise);
    const joint: Joint<T, News> = { promise, controller, news, clients };
    pending.set(key, joint);
    return joint;
  }

  return {
    async join(key, signal, work, onNews) {
      signal.throwIfAborted();
      const joint = pending.get(key) ?? begin(key, signal, work);
      const told = (one: News) => onNews?.(one); // one of its own for each who joins
      for (const one of joint.news) told(one);
      joint.clients.add(told);
      try {
        return await untilAborted(signal, joint.promise);
      } finally {
        joint.clients.delete(told);
        if (joint.clients.size === 0) {
          if (pending.get(key) === joint) pending.delete(key);
          joint.controller.abort(new ClientGone("all who asked went away"));
        }
      }
    },
    signalOf: (key) => pending.get(key)?.controller.signal,
  };
}
