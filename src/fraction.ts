/** Exact fractions, so that no rule ever compares rounded numbers. */

/** Numerator and denominator, both safe integers, the denominator positive. */
export type Fraction = readonly [number, number];

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** a − b in lowest terms. 1/2 − 1/3 = 1/6 */
export function subtract([a, b]: Fraction, [c, d]: Fraction): Fraction {
  const numerator = a * d - c * b;
  const denominator = b * d;
  const common = divisor(Math.abs(numerator), denominator);
  return [numerator / common, denominator / common];
}

/** Below 0 where a < b, 0 where they are equal, above 0 where a > b. */
export function compare([a, b]: Fraction, [c, d]: Fraction): number {
  return a * d - c * b;
}

/** A percentage of at most two decimals, exactly. 99.34 → 9934/10000 */
export function ofPercent(percent: number): Fraction {
  return [Math.round(percent * 100), 10_000];
}

/** For display alone: 49670/50000 → "99.34". */
export function percent([a, b]: Fraction): string {
  return ((100 * a) / b).toFixed(2);
}
