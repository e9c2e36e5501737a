/**
 * The exact binomial interval that says whether a count is at chance. It takes the hits for
 * independent, as guesses are; a net errs alike on images that are alike, so that its count
 * varies a little more. It also takes predictions as spread evenly over the classes. The exact
 * distribution of the hits under all 10! relabellings of the classes that a net predicts
 * (scripts/chance.py) changes no verdict: it puts Inception without batch norm, which meets few
 * labels and predicts three classes for the most part, within 449 to 1,682 and so its 631 hits at
 * chance, where this interval does not; its labels are not fitted either way.
 */

/** What either test of chance takes for unlikely, both sides together. */
export const ALPHA = 1 / 1000;

/** The probabilities of 0…n under Binomial(n, p), each from the one before. */
function probabilities(n: number, p: number): Float64Array {
  const logs = new Float64Array(n + 1);
  logs[0] = n * Math.log1p(-p);
  const odds = Math.log(p) - Math.log1p(-p);
  for (let k = 1; k <= n; k++) {
    logs[k] = (logs[k - 1] as number) + Math.log((n - k + 1) / k) + odds;
  }
  return logs.map(Math.exp);
}

interface Interval {
  low: number;
  high: number;
}

/** Those that were computed: every rule on chance asks for the same. */
const intervals = new Map<string, Interval>();

/**
 * The smallest central set of counts outside of which each tail of
 * Binomial(n, p) has probability at most alpha / 2.
 * At n = 10,000, p = 1/10, alpha = 1/1000 this is 903 to 1100.
 */
export function chanceInterval(n: number, p: number, alpha: number): Interval {
  const key = `${n} ${p} ${alpha}`;
  const known = intervals.get(key) ?? intervalOf(n, p, alpha);
  intervals.set(key, known);
  return known;
}

function intervalOf(n: number, p: number, alpha: number): Interval {
  const at = probabilities(n, p);
  let low = 0;
  for (let tail = at[low] as number; tail <= alpha / 2; tail += at[low] as number) low++;
  let high = n;
  for (let tail = at[high] as number; tail <= alpha / 2; tail += at[high] as number) high--;
  return { low, high };
}
