/**
 * Answers by the digest of all that decides them: what was computed once is kept here, and where
 * the platform's other processes find it; what is under way is shared by all who ask meanwhile.
 */
import { LRUCache } from "lru-cache";
import { joinedWork, type Work } from "./joined-work.ts";

/** A cache that processes share; it may lose anything at any time. */
export interface SharedAnswers {
  get(digest: string): Promise<string | undefined>;
  put(digest: string, text: string): Promise<void>;
}

interface Asked<News> {
  /** Told what the work tells, that too which it told before one joined; nothing where the answer was kept. */
  onNews?: (news: News) => void;
  /** What is kept is not enough: it is to be computed now. */
  fresh?: boolean;
}

export interface Answers {
  /** What is kept here. */
  known(digest: string): string | undefined;
  /**
   * The answer as it is kept, as it is under way, or else as it is computed now.
   * @throws what `compute` throws; the reason of the signal, which ends the work only if no one else waits.
   */
  get<News = never>(
    digest: string,
    signal: AbortSignal,
    compute: Work<string, News>,
    asked?: Asked<News>,
  ): Promise<string>;
  /** The signal of what is under way. */
  signalOf(digest: string): AbortSignal | undefined;
}

/** @param characters how many are kept in memory */
export function keepAnswers(characters: number, shared?: SharedAnswers): Answers {
  const kept = new LRUCache<string, string>({
    maxSize: characters,
    sizeCalculation: (text) => 1 + text.length,
  });
  const underWay = joinedWork<string, unknown>();

  /** The key of work that may not find what another process has computed. */
  const anew = (digest: string) => `${digest} anew`;
  /** The key of work under way that gives an answer. */
  const working = (digest: string) =>
    [digest, anew(digest)].find((key) => underWay.signalOf(key) !== undefined);

  /** What another process has computed. */
  async function find(digest: string): Promise<string | undefined> {
    const found = await shared?.get(digest).catch(() => undefined); // it is computed anew
    if (found !== undefined) kept.set(digest, found);
    return kept.get(digest); // perhaps it was computed meanwhile
  }

  return {
    known: (digest) => kept.get(digest),
    async get(digest, signal, compute, { onNews, fresh = false } = {}) {
      const known = fresh ? undefined : kept.get(digest);
      if (known !== undefined) return known;
      // Under way from here on, before anything is waited for: who asks next joins, and needs no place.
      const work: Work<string, unknown> = async (own, tell) => {
        const found = fresh ? undefined : await find(digest);
        if (found !== undefined) return found;
        const text = await compute(own, tell);
        kept.set(digest, text);
        await shared?.put(digest, text).catch(() => {}); // the next to ask computes it anew
        return text;
      };
      const key = fresh && shared ? anew(digest) : (working(digest) ?? digest);
      return await underWay.join(key, signal, work, onNews as (news: unknown) => void);
    },
    signalOf: (digest) => underWay.signalOf(working(digest) ?? digest),
  };
}
