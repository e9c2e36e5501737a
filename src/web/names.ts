/** What a person calls things: nets as the paper does, and what a rule asks. */
import type { Rule } from "../claims/claim.ts";
import type { Status } from "../claims/judge.ts";

const NETS: Record<string, string> = {
  inception: "Inception",
  "inception-nobn": "Inception without BN",
  alexnet: "AlexNet",
  "mlp-3x512": "MLP 3×512",
  "mlp-1x512": "MLP 1×512",
  theorem1: "Theorem 1's construction",
  kernel: "Gaussian kernel",
};

export function netName(net: string): string {
  return NETS[net] ?? net;
}

export const STATUS: Record<Status, string> = {
  reproduced: "reproduced",
  "not-reproduced": "not reproduced",
  "not-evaluated": "not evaluated",
};

const RULES: Partial<Record<string, string>> = {
  weights: "number of weights",
  fits: "train accuracy, given labels",
  "fits-online": "train accuracy while training, last epoch",
  "fails-to-converge": "train accuracy, given labels",
  "at-chance": "test accuracy is that of guessing",
  generalizes: "test accuracy",
  "confidently-wrong": "of the test images that it misses, those missed with confidence",
  gap: "train less test accuracy",
  "gap-jumps": "how much larger the second's gap is",
  gain: "second's less the first's test accuracy",
  "loss-order": "steps until the loss is below",
  "time-grows": "epochs until overfitted",
  "error-grows": "test error",
  better: "test images that the first alone meets, and the second alone",
  agree: "same predictions on test images",
  "agree-at-chance": "same predictions on test images, as of guesses",
  diluted: "test accuracy less (1 − p) times the first's plus p/10",
  "norm-grows": "norm",
  "stopping-gains": "test accuracy that the best epoch had more than the last",
  "unchanged-first": "epochs until half of them is met, labels unchanged and changed",
  outweighs: "second's less the first's test accuracy",
};

/** What a rule measures, for the head of its row. */
export function ruleName({ kind }: Pick<Rule, "kind">): string {
  return RULES[kind] ?? kind.replaceAll("-", " ");
}

/** Kinds whose numbers are no percentages. */
const PLAIN: Record<string, string> = { weights: "", steps: "", epochs: "× " };

/** A number of the paper's, or of a reproduction's, in the unit of what is measured. */
export function beside(quantity: string, number: number | undefined): string {
  if (number === undefined) return "";
  const before = PLAIN[quantity];
  if (before !== undefined) return `${before}${number.toLocaleString("en")}`;
  return `${number} ${quantity === "jump" || quantity === "gain" || quantity === "gap" ? "points" : "%"}`;
}
