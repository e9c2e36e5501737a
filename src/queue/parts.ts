/** Bytes too large for an answer, kept in the queue's Redis in parts, by their digest. */
import { Redis } from "ioredis";
import * as v from "valibot";
import { sha256Hex } from "../datasets/digest.ts";
import { MismatchError } from "../datasets/storage.ts";
import { Sha256 } from "../evaluation/checkpoint.ts";
import { type Connection, PREFIX } from "./connection.ts";
import { DAY } from "./jobs.ts";

/** Bytes in a part: few enough that Redis answers others meanwhile. */
const PART = 1 << 20;
/** Seconds for which they stay: longer than an answer does. */
const STAY = 2 * DAY;
/** The largest that anyone stores here: weights of a net, many times over. */
const MOST = 1 << 30;

export const StoredSchema = v.object({
  sha256: Sha256,
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MOST)),
});
export type Stored = v.InferOutput<typeof StoredSchema>;

/** They have expired, or Redis had no room for them. */
export class PartsGone extends Error {
  override name = "PartsGone";
}

export interface Parts {
  store(bytes: Uint8Array<ArrayBuffer>): Promise<Stored>;
  /** @throws PartsGone, or MismatchError where they do not make up the digest */
  load(stored: Stored): Promise<Uint8Array<ArrayBuffer>>;
  close(): void;
}

export function openParts({ address }: Connection): Parts {
  const redis = new Redis(address, { maxRetriesPerRequest: null });
  redis.on("error", () => {}); // who waits for it waits until it is back, and says so
  const keysOf = ({ sha256, bytes }: Stored) =>
    Array.from({ length: Math.ceil(bytes / PART) }, (_, k) => `${PREFIX}:part:{${sha256}}:${k}`);
  return {
    async store(bytes) {
      const stored = { sha256: await sha256Hex(bytes), bytes: bytes.length };
      for (const [k, key] of keysOf(stored).entries()) {
        const part = bytes.subarray(k * PART, (k + 1) * PART);
        await redis.set(key, Buffer.from(part), "EX", STAY);
      }
      return stored;
    },
    async load(stored) {
      const bytes = new Uint8Array(stored.bytes);
      let at = 0;
      for (const key of keysOf(stored)) {
        const part = await redis.getBuffer(key);
        if (!part) throw new PartsGone(`a part of ${stored.sha256} is gone`);
        if (at + part.length > bytes.length)
          throw new MismatchError(`a part of ${stored.sha256} is too long`);
        bytes.set(part, at);
        at += part.length;
      }
      const found = await sha256Hex(bytes);
      if (found === stored.sha256) return bytes;
      throw new MismatchError(`the parts of ${stored.sha256} make up ${found}`);
    },
    close: () => redis.disconnect(),
  };
}
