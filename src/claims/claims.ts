/** The paper's statements, each with the rule that decides it, written down before the run. */

export type Rule =
  /** The given labels are fitted: train accuracy is at least a/b. */
  | { kind: "fits"; checkpoint: string; atLeast: [number, number]; paper?: number }
  /** Test accuracy is that of guessing, within the exact 99.9 % binomial interval around 1/10. */
  | { kind: "at-chance"; checkpoint: string; paper?: number }
  /** The checkpoint has exactly so many weights. */
  | { kind: "weights"; checkpoint: string; equals: number };

export interface Claim {
  id: string;
  where: string;
  statement: string;
  rules: Rule[];
}

export const CLAIMS: Claim[] = [
  {
    id: "theorem-1",
    where: "Theorem 1, p. 8",
    statement:
      "A two-layer ReLU network with 2n + d weights represents any function on n points in d dimensions.",
    rules: [
      // 2 · 50,000 + 3,072 = 103,072
      { kind: "weights", checkpoint: "theorem1.random-labels", equals: 103_072 },
      { kind: "fits", checkpoint: "theorem1.random-labels", atLeast: [1, 1] },
    ],
  },
  {
    id: "theorem-1-at-chance",
    where: "Theorem 1, p. 8, with random labels as in Section 2.1",
    statement: "What memorized random labels is at chance on the test set.",
    rules: [{ kind: "at-chance", checkpoint: "theorem1.random-labels" }],
  },
];
