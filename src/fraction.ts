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

/** Half of it, exactly. 9934/10000 → 9934/20000 */
export function half([a, b]: Fraction): Fraction {
  return [a, 2 * b];
}

/**
 * A percentage of at most two decimals, exactly. 99.34 → 9934/10000
 * @throws RangeError if it has more.
 */
export function ofPercent(percent: number): Fraction {
  const hundredths = Math.round(percent * 100);
  if (Math.abs(hundredths - percent * 100) > 1e-6) {
    throw new RangeError(`${percent} % has more than two decimals`);
  }
  return [hundredths, 10_000];
}

/**
 * For display alone, with two decimals and a third where there is one: it shows every count of
 * CIFAR-10 exactly. 49670/50000 → "99.34", 49999/50000 → "99.998"
 */
export function percent([a, b]: Fraction): string {
  return ((100 * a) / b).toFixed(3).replace(/0$/, "");
}
