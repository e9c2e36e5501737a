/**
 * Answers by the digest of all that decides them: what was computed once is kept here, and where
 * the platform's other processes find it.
 */
import { LRUCache } from "lru-cache";

/** A cache that processes share; it may lose anything at any time. */
export interface SharedAnswers {
  get(digest: string): Promise<string | undefined>;
  put(digest: string, text: string): Promise<void>;
}

export interface Answers {
  /** What is kept here. */
  known(digest: string): string | undefined;
  /** What another process has computed. */
  find(digest: string): Promise<string | undefined>;
  keep(digest: string, text: string): Promise<void>;
}

/** @param characters how many are kept in memory */
export function keepAnswers(characters: number, shared?: SharedAnswers): Answers {
  const kept = new LRUCache<string, string>({
    maxSize: characters,
    sizeCalculation: (text) => 1 + text.length,
  });
  return {
    known: (digest) => kept.get(digest),
    async find(digest) {
      const found = await shared?.get(digest).catch(() => undefined); // it is computed anew
      if (found !== undefined) kept.set(digest, found);
      return found;
    },
    async keep(digest, text) {
      kept.set(digest, text);
      await shared?.put(digest, text).catch(() => {}); // the next to ask computes it anew
    },
  };
}
