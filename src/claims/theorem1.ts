/** Theorem 1: constructed, so that nothing is left to training. */
import type { Claim } from "./claim.ts";
import { paper } from "./paper.ts";

const checkpoints = ["theorem1.random-labels"];

export const THEOREM_1: Claim[] = [
  {
    id: "theorem-1",
    group: "Theorem 1",
    where: paper.theorem1.where,
    statement:
      "A two-layer ReLU network with 2n + d weights represents any function on n points in d dimensions: here, random labels of CIFAR-10's 50,000 training images.",
    rules: [
      // 2 · 50,000 + 3,072 = 103,072
      { kind: "weights", checkpoints, equals: 103_072 },
      // A representation is no approximation: every label, not 99 % of them.
      { kind: "fits", checkpoints, atLeast: [1, 1] },
    ],
  },
  {
    id: "theorem-1-at-chance",
    group: "Theorem 1",
    where: `${paper.theorem1.where}, with random labels as in Section 2.1`,
    statement: "What memorized random labels is at chance on the test set.",
    rules: [{ kind: "at-chance", checkpoints }],
  },
];
