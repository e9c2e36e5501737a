/** Why another runtime must predict the same: the margin certificate of a split. */

/** The largest logit less the second of each example; logits [n, 10]. */
export function margins(logits: Float32Array): Float32Array {
  return Float32Array.from({ length: logits.length / 10 }, (_, i) => {
    const [first, second] = logits
      .slice(i * 10, i * 10 + 10)
      .sort()
      .reverse();
    return (first as number) - (second as number);
  });
}

/**
 * The margin from which an answer counts as confident: by the softmax its odds are e³, some twenty,
 * to one against any other class.
 */
const CONFIDENT = 3;

/** How many predictions are not the given label, and confident; all [n]. */
export function confidentMisses(
  all: Float32Array,
  predictions: Uint8Array,
  given: Uint8Array,
): number {
  return predictions.filter((p, i) => p !== given[i] && (all[i] as number) >= CONFIDENT).length;
}

/** The largest absolute difference of two runtimes' logits. */
export function largestDeviation(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, x, i) => Math.max(largest, Math.abs(x - (b[i] as number))), 0);
}

/**
 * Examples whose prediction the deviation could turn: both the first and the
 * second logit may move by it, towards each other.
 */
export function fragileExamples(all: Float32Array, deviation: number): number[] {
  return [...all.keys()].filter((i) => (all[i] as number) <= 2 * deviation);
}
