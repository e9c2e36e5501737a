/** Labels of a view: true, or replaced one by one with the keyed generator (paper, section 2.1). */
import { keyed } from "../prng.ts";

export type Labels = { kind: "true" } | { kind: "corrupted"; fraction: string; seed: number };

/**
 * The labels that a view gives: a function of the true label and the example's index.
 * One word decides whether the label is replaced: iff word·b < a·2³² for the
 * fraction a/b. The new label is uniform over the ten and may equal the true one.
 * @throws SyntaxError unless the fraction is one
 */
export function labelling(labels: Labels): (trueLabel: number, i: number) => number {
  if (labels.kind === "true") return (trueLabel) => trueLabel;
  const { numerator, denominator } = parseFraction(labels.fraction);
  // For whole words, word·b < a·2³² says the same as word < ⌈a·2³²/b⌉.
  const replaced = Number(((numerator << 32n) + denominator - 1n) / denominator);
  return (trueLabel, i) => {
    const { next, below } = keyed("labels", labels.seed, i);
    return next() < replaced ? below(10) : trueLabel;
  };
}

export function isFraction(text: string): boolean {
  try {
    parseFraction(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws SyntaxError unless the text is "a/b" with 0 ≤ a ≤ b, 0 < b. */
export function parseFraction(text: string): { numerator: bigint; denominator: bigint } {
  const [, a, b] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (a === undefined || b === undefined || BigInt(b) === 0n || BigInt(a) > BigInt(b)) {
    throw new SyntaxError(`a fraction is written a/b, with 0 ≤ a ≤ b, got "${text}"`);
  }
  return { numerator: BigInt(a), denominator: BigInt(b) };
}
