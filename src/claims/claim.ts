/** What a claim is: a statement of the paper, and the rules that decide it. */
import type { Fraction } from "../fraction.ts";

/** What every rule names. */
interface About {
  /** The checkpoints that it is about, in the order that it speaks of. */
  checkpoints: string[];
  /** The paper's numbers for what the rule measures, percent unless the rule says otherwise; undefined where it has none. */
  paper?: (number | undefined)[];
  /** An independent reproduction's numbers for the same, in percent; undefined where it has none. */
  reproduction?: (number | undefined)[];
}

/** One checkpoint. */
type RuleOfOne =
  /** It has exactly so many weights. */
  | { kind: "weights"; equals: number }
  /** The given labels are fitted: train accuracy is at least this. */
  | { kind: "fits"; atLeast: Fraction }
  /** The given labels are fitted as the paper counts under augmentation: online, in the last epoch. */
  | { kind: "fits-online"; atLeast: Fraction }
  /** Of the test examples that it misses, at least this fraction is missed with confidence (evaluation/margin.ts). */
  | { kind: "confidently-wrong"; atLeast: Fraction }
  /** Training failed to converge: train accuracy is at most this. */
  | { kind: "fails-to-converge"; atMost: Fraction }
  /** Test accuracy is that of guessing: within the exact 99.9 % binomial interval around 1/10. */
  | { kind: "at-chance" }
  /** Test accuracy is above that interval, and at least this. */
  | { kind: "generalizes"; atLeast: Fraction }
  /** Train accuracy on given labels less test accuracy is within these. */
  | { kind: "gap"; atLeast?: Fraction; atMost?: Fraction }
  /** The most test hits after an epoch exceed those after the last by at most this. */
  | { kind: "stopping-gains"; atMost: Fraction }
  /** This fraction of the training examples whose label is the true one is met in an earlier epoch than of the others. */
  | { kind: "unchanged-first"; reached: Fraction };

/** Two checkpoints, the second compared with the first. */
type RuleOfTwo =
  /** The second's gap is larger by at least this. */
  | { kind: "gap-jumps"; atLeast: Fraction }
  /** The second's test accuracy less the first's is within these. */
  | { kind: "gain"; atLeast: Fraction; atMost: Fraction }
  /**
   * Of the test examples that one of the two meets and the other does not, the second meets so many
   * more that a fair coin would not (McNemar's exact test, both sides, at 1/1000).
   */
  | { kind: "better" }
  /** They predict the same of at least this fraction of the test examples. */
  | { kind: "agree"; atLeast: Fraction }
  /** They predict the same of as many test examples as guesses would: the interval of `at-chance`. */
  | { kind: "agree-at-chance" }
  /** The second's test accuracy differs from (1 − p) · the first's + p/10, p = `fraction`, by at most this. */
  | { kind: "diluted"; fraction: Fraction; atMost: Fraction }
  /** The second's norm is at least so many times the first's. */
  | { kind: "norm-grows"; atLeast: Fraction };

/** A row of checkpoints. */
type RuleOfMany =
  /** Steps until the training loss is below the threshold, with these relations from one to the next. */
  | { kind: "loss-order"; threshold: number; relations: ("<" | "≤")[] }
  /**
   * Epochs until this fraction of the given labels is met online: more for each than for
   * the first, but at most so many times as many, and never fewer by more than one than for
   * any before. The paper's numbers are multiples of the first.
   */
  | { kind: "time-grows"; reached: Fraction; atMost: number }
  /** Test error grows strictly from one to the next. */
  | { kind: "error-grows" }
  /**
   * The second's test accuracy exceeds the first's by more than that of each further pair: what the
   * first pair changes outweighs what the others do.
   */
  | { kind: "outweighs" };

export type PairRule = About & RuleOfTwo;
export type Rule = (About & (RuleOfOne | RuleOfMany)) | PairRule;

/** The paper's groups, in its order. */
export const GROUPS: readonly string[] = [
  "Theorem 1",
  "Figure 1a",
  "Figure 1b",
  "Figure 1c",
  "Section 2",
  "Table 1",
  "Section 3",
  "Table 4",
  "Figure 2",
  "Table 2",
  "Table 3",
  "Section 5",
  "Beyond the paper",
];

/** The groups of claims, in their order. */
export function groupsOf(claims: readonly Claim[]): string[] {
  return [...new Set(claims.map(({ group }) => group))];
}

export interface Claim {
  id: string;
  /** The table or figure that it is printed under. */
  group: string;
  /** Its place in the paper. */
  where: string;
  statement: string;
  /** All must hold. None only where `beyondReach` says why. */
  rules: Rule[];
  /** For what cannot be evaluated here: why, and what the paper reports. */
  beyondReach?: { reason: string; paper: string };
}

/** The checkpoints that a claim needs, each once. */
export function checkpointsOf(claim: Claim): string[] {
  return [...new Set(claim.rules.flatMap((rule) => rule.checkpoints))];
}
