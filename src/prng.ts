/**
 * The keyed generator: whatever is random about item i depends on
 * (purpose, seed, i) alone, so any shard and any language can recompute it.
 *
 * xoshiro128** 1.1 (Blackman and Vigna) whose state is the first 16 bytes of
 * SHA-256("rethink/<purpose>/<seed>/<i>"), read as four little-endian uint32.
 */
import { sha256 } from "@noble/hashes/sha2.js";

// All of it is used again for each key: a generator is made for each example,
// and allocating anew would take most of its time.
const initial = sha256.create();
const hash = sha256.create();
const encoder = new TextEncoder();
const message = new Uint8Array(256);
const digest = new Uint8Array(32);
const digestView = new DataView(digest.buffer);

/** A keyed stream of uniform words. */
export interface Generator {
  /** The next uniform uint32. */
  next(): number;
  /**
   * A uniform integer in [0, n).
   * @throws RangeError unless n is an integer in 1…2³².
   */
  below(n: number): number;
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/** The four uint32 of state for a key. */
export function keyedState(purpose: string, seed: number, i: number): Uint32Array {
  if (!Number.isSafeInteger(seed) || seed < 0 || !Number.isSafeInteger(i) || i < 0) {
    throw new RangeError(`seed and index must be non-negative integers, got ${seed} and ${i}`);
  }
  const key = `rethink/${purpose}/${seed}/${i}`;
  const { read, written } = encoder.encodeInto(key, message);
  if (read < key.length) throw new RangeError(`purpose is too long: ${purpose}`);
  initial._cloneInto(hash);
  hash.update(message.subarray(0, written)).digestInto(digest);
  const word = (at: number) => digestView.getUint32(at, true);
  return Uint32Array.of(word(0), word(4), word(8), word(12));
}

/** The generator for item i of a purpose under a seed. */
export function keyed(purpose: string, seed: number, i: number): Generator {
  const s = keyedState(purpose, seed, i);
  let a = s[0] as number;
  let b = s[1] as number;
  let c = s[2] as number;
  let d = s[3] as number;
  function next(): number {
    const word = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return word;
  }
  function below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(`below(n) needs an integer in 1…2³², got ${n}`);
    }
    const limit = 2 ** 32 - (2 ** 32 % n);
    let word = next();
    while (word >= limit) word = next(); // rejection keeps the result unbiased
    return word % n;
  }
  return { next, below };
}

/** A uniform permutation of 0…n−1: Fisher–Yates from the last index down. */
export function permutation(generator: Generator, n: number): Uint32Array {
  const p = Uint32Array.from({ length: n }, (_, k) => k);
  for (let k = n - 1; k > 0; k--) {
    const other = generator.below(k + 1);
    const kept = p[k] as number;
    p[k] = p[other] as number;
    p[other] = kept;
  }
  return p;
}
