/**
 * Two nets on the same test examples. Their counts vary together, since the same images are easy for
 * both, so a difference is judged by the examples that one of them meets and the other does not.
 */
import type { Evidence } from "./evidence.ts";

/** Two nets compared example by example. */
export interface Paired {
  /** Test examples that the first meets and the second does not. */
  onlyFirst: number;
  /** And the other way round. */
  onlySecond: number;
  /** Of McNemar's exact test, both sides; two digits. */
  p: number;
}

/** What a double can hold: 2^1000, and no larger power of two than that is needed. */
const BITS = 1000;

/**
 * How likely a fair coin falls so unevenly, to either side: twice the tail of Binomial(n, 1/2) from the
 * larger count on, n the sum of both, and 1 at most (McNemar 1947, exact). 2 and 8 → 112/1024.
 * @returns it to a double's precision, and whether it is at most 1/1000 exactly
 */
export function mcnemar(onlyFirst: number, onlySecond: number): { p: number; rejects: boolean } {
  const n = onlyFirst + onlySecond;
  let term = 1n; // C(n, k), from k = n down
  let tail = 0n;
  for (let k = n; k >= Math.max(onlyFirst, onlySecond); k--) {
    tail += term;
    term = (term * BigInt(k)) / BigInt(n - k + 1);
  }
  const whole = 1n << BigInt(n);
  const both = 2n * tail < whole ? 2n * tail : whole;
  const shift = BigInt(Math.max(0, n - BITS));
  return { p: Number(both >> shift) / Number(whole >> shift), rejects: 1000n * both <= whole };
}

/** Undefined where the predictions of one of them are not at hand. */
export function pair(first: Evidence, second: Evidence): Paired | undefined {
  const [a, b] = [first.answers, second.answers];
  if (!a || !b || a.predictions.length !== b.predictions.length) return undefined;
  let [onlyFirst, onlySecond] = [0, 0];
  for (const [i, label] of a.labels.entries()) {
    const [met, other] = [a.predictions[i] === label, b.predictions[i] === label];
    if (met && !other) onlyFirst++;
    if (other && !met) onlySecond++;
  }
  const { p } = mcnemar(onlyFirst, onlySecond);
  return { onlyFirst, onlySecond, p: Number(p.toPrecision(2)) };
}

/** Of how many test examples two nets predict the same. */
export function agreement(first: Evidence, second: Evidence): number {
  const [a, b] = [first.answers?.predictions ?? [], second.answers?.predictions ?? []];
  return [...a].filter((prediction, i) => prediction === b[i]).length;
}

/** "812 against 1050" */
export function aloneText({ onlyFirst, onlySecond }: Paired): string {
  return `${onlyFirst} against ${onlySecond}`;
}

export function pText({ p }: Paired): string {
  return p === 0 ? "p < 1e-300" : `p = ${p}`;
}

/** "812 against 1050, p = 1.2e-7" */
export function pairedText(paired: Paired): string {
  return `${aloneText(paired)}, ${pText(paired)}`;
}
