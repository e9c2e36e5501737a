/** Exact fractions, so that no rule ever compares rounded numbers. */

/** Numerator and denominator, both safe integers, the denominator positive. */
export type Fraction = readonly [number, number];

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b);
}

/** The numerator of a − b over the product of their denominators, which may be no safe integer. */
function apart([a, b]: Fraction, [c, d]: Fraction): bigint {
  return BigInt(a) * BigInt(d) - BigInt(c) * BigInt(b);
}

/**
 * a − b in lowest terms. 1/2 − 1/3 = 1/6
 * @throws RangeError where those are no safe integers.
 */
export function subtract(a: Fraction, b: Fraction): Fraction {
  const numerator = apart(a, b);
  const denominator = BigInt(a[1]) * BigInt(b[1]);
  const common = divisor(numerator < 0n ? -numerator : numerator, denominator);
  const lowest = [Number(numerator / common), Number(denominator / common)] as const;
  if (!lowest.every(Number.isSafeInteger))
    throw new RangeError(`${a.join("/")} − ${b.join("/")} is no fraction of safe integers`);
  return lowest;
}

/** Below 0 where a < b, 0 where they are equal, above 0 where a > b. */
export function compare(a: Fraction, b: Fraction): number {
  return Number(apart(a, b));
}

/** A number of few digits, exactly as it is written. 41.277 → 41277/1000 */
export function ofDecimal(x: number): Fraction {
  const [mantissa = "", exponent = "0"] = `${x}`.split("e");
  const [, decimals = ""] = mantissa.split(".");
  const scale = 10 ** Math.max(0, decimals.length - Number(exponent));
  return [Math.round(x * scale), scale];
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
