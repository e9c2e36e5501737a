/** Nets, views and recipes in words. */
import type { View } from "../datasets/view.ts";
import { NETS } from "../nets/registry.ts";
import type { AnyRecipe, TrainingRecipe } from "../recipe.ts";

const UNTRAINED = {
  given: "network that was made elsewhere",
  kernel: "Gaussian kernel machine over all training images",
  theorem1: "two-layer ReLU network of 2n + d weights, as Theorem 1 constructs it",
};

/** Corrupted pixels; empty where they are the dataset's. */
export const PIXELS: Record<View["pixels"]["kind"], string> = {
  true: "",
  shuffled: "one permutation of the pixels applied to every image",
  random: "a permutation of the pixels for each image",
  gaussian: "pixels drawn from a Gaussian with the mean and deviation of the training set",
};

export function netText(recipe: AnyRecipe): string {
  return recipe.kind === "training" ? NETS[recipe.net].text : UNTRAINED[recipe.net];
}

/** "random labels", "true labels, and one permutation of …" */
export function viewText({ labels, pixels, examples }: View): string {
  const which =
    labels.kind === "true"
      ? "true labels"
      : labels.fraction === "1/1"
        ? "random labels"
        : `each label replaced with probability ${labels.fraction} by one drawn from all ten`;
  return [
    which,
    ...(PIXELS[pixels.kind] ? [PIXELS[pixels.kind]] : []),
    ...(examples === undefined ? [] : [`the first ${examples} training images`]),
  ].join(", and ");
}

/** "without explicit regularizers", "with random crops and weight decay" */
export function regularizersText({ regularizers }: TrainingRecipe): string {
  const which = [
    ...(regularizers.crop ? ["random crops"] : []),
    ...(regularizers.weightDecay > 0 ? ["weight decay"] : []),
  ];
  return which.length > 0 ? `with ${which.join(" and ")}` : "without explicit regularizers";
}

const HE: [string, string] = ["kernels begin", "uniform in ±√(6 / fan-in), after He et al."];

function decayText({ weightDecay, decayedLayers }: TrainingRecipe["regularizers"]): string {
  if (weightDecay === 0) return "none";
  return decayedLayers ? `${weightDecay} on ${decayedLayers.join(", ")} alone` : `${weightDecay}`;
}

/** The recipe as rows of a table. */
export function recipeRows(recipe: AnyRecipe): [string, string][] {
  if (recipe.kind === "given") return [["method", "not known here"]];
  if (recipe.kind === "construction")
    return [
      ["method", "constructed exactly, not trained"],
      ["seed", `${recipe.seed}`],
    ];
  if (recipe.kind === "kernel")
    return [
      ["method", "solved, not trained: K + λ·1 factored by Cholesky, refined"],
      ["kernel", `exp(−${recipe.gamma} · ‖x − x'‖²), pixels divided by 255`],
      ["penalty λ", recipe.penalty === 0 ? "none: it interpolates" : `${recipe.penalty}`],
    ];
  const { optimizer, regularizers, initialization, epochs, targetLoss, batchSize, seed } = recipe;
  const ending = targetLoss
    ? `at most ${epochs}, to the first with a mean loss below ${targetLoss}`
    : `${epochs}`;
  return [
    ["optimizer", `SGD with momentum ${optimizer.momentum}`],
    [
      "learning rate",
      `${optimizer.learningRate}, multiplied by ${optimizer.decayPerEpoch} each epoch`,
    ],
    ["epochs", `${ending}, the last one published`],
    ["batch size", `${batchSize}`],
    ["weight decay", decayText(regularizers)],
    ...(initialization === "he" ? [HE] : []),
    ["random crop", regularizers.crop ? "28×28 of 32×32" : "none"],
    ["seed", `${seed}`],
  ];
}
