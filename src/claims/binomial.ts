/** The exact binomial interval that says whether a count is at chance. */

/** log of C(n, k), by the sum of logarithms. */
function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}

/**
 * The smallest central set of counts outside of which each tail of
 * Binomial(n, p) has probability at most alpha / 2.
 * At n = 10,000, p = 1/10, alpha = 1/1000 this is 903 to 1100.
 */
export function chanceInterval(n: number, p: number, alpha: number): { low: number; high: number } {
  const at = (k: number) => Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  let low = 0;
  for (let tail = at(0); tail <= alpha / 2; tail += at(low)) low++;
  let high = n;
  for (let tail = at(n); tail <= alpha / 2; tail += at(high)) high--;
  return { low, high };
}
