/** Bytes too large for an answer, kept in the queue's Redis in parts, by their digest. */
import { Redis } from "ioredis";
import * as v from "valibot";
import { sha256Hex } from "../datasets/digest.ts";
import { MismatchError } from "../datasets/storage.ts";
import { Sha256 } from "../evaluation/checkpoint.ts";
import { type Connection, PREFIX } from "./connection.ts";

/** Bytes in a part: few enough that Redis answers others meanwhile. */
const PART = 1 << 20;
/** Seconds for which they stay, as long as an answer does. */
const DAY = 24 * 60 * 60;
/** The largest that anyone stores here: weights of a net, many times over. */
const MOST = 1 << 30;

export const StoredSchema = v.object({
  sha256: Sha256,
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MOST)),
});
export type Stored = v.InferOutput<typeof StoredSchema>;

export interface Parts {
  store(bytes: Uint8Array<ArrayBuffer>): Promise<Stored>;
  /** @throws MismatchError where a part is gone or they do not make up the digest */
  load(stored: Stored): Promise<Uint8Array<ArrayBuffer>>;
  remove(stored: Stored): Promise<void>;
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
        await redis.set(key, Buffer.from(part), "EX", DAY);
      }
      return stored;
    },
    async load(stored) {
      const bytes = new Uint8Array(stored.bytes);
      let at = 0;
      for (const key of keysOf(stored)) {
        const part = await redis.getBuffer(key);
        if (!part || at + part.length > bytes.length)
          throw new MismatchError(`a part of ${stored.sha256} is gone or too long`);
        bytes.set(part, at);
        at += part.length;
      }
      const found = await sha256Hex(bytes);
      if (found === stored.sha256) return bytes;
      throw new MismatchError(`the parts of ${stored.sha256} make up ${found}`);
    },
    async remove(stored) {
      const keys = keysOf(stored);
      if (keys.length > 0) await redis.unlink(...keys);
    },
    close: () => redis.disconnect(),
  };
}
