/** Labels of a view: true, or replaced one by one with the keyed generator (paper, section 2.1). */
import { keyed } from "../prng.ts";

export type Labels = { kind: "true" } | { kind: "corrupted"; fraction: string; seed: number };

/**
 * The given label of training example i.
 * One word decides whether the label is replaced: iff word·b < a·2³² for the
 * fraction a/b. The new label is uniform over the ten and may equal the true one.
 */
export function givenLabel(labels: Labels, trueLabel: number, i: number): number {
  if (labels.kind === "true") return trueLabel;
  const { numerator, denominator } = parseFraction(labels.fraction);
  const generator = keyed("labels", labels.seed, i);
  const replaced = BigInt(generator.next()) * denominator < numerator << 32n;
  return replaced ? generator.below(10) : trueLabel;
}

/** @throws SyntaxError unless the text is "a/b" with 0 ≤ a ≤ b, 0 < b. */
export function parseFraction(text: string): { numerator: bigint; denominator: bigint } {
  const [, a, b] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (a === undefined || b === undefined || BigInt(b) === 0n || BigInt(a) > BigInt(b)) {
    throw new SyntaxError(`a fraction is written a/b, with 0 ≤ a ≤ b, got "${text}"`);
  }
  return { numerator: BigInt(a), denominator: BigInt(b) };
}
