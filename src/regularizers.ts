/**
 * What the part of an id after the data stands for, and why its numbers are what they are.
 *
 * Of weight decay the paper says that each model has its default coefficient (Appendix E), and
 * prints none; of Inception without batch norm, that it is otherwise exactly the same as Inception,
 * and nothing of how weights begin. So there are two recipes for each such row. The first, `wd`, has
 * 5·10⁻⁴ on every kernel of every net, that of the AlexNet that ours is named after (Krizhevsky et
 * al., 2012); without batch norm the learning rate is that of the other nets that have none, and
 * kernels begin as all others do. The second follows the public code that the authors stood on:
 *
 * - Inception, TensorFlow-Slim: 4·10⁻⁵ on all kernels, and 64 epochs, the axis of Figure 1a.
 * - AlexNet, TensorFlow's CIFAR-10 network of the time, whose LRN ours has: 0.004 on the two hidden
 *   dense layers alone.
 * - MLPs, the default of the first author's later code for fitting random labels: 10⁻⁴.
 * - without batch norm, `he`: He initialization, Slim's for Inception (there from a normal, here
 *   from a uniform distribution of the same variance), and Inception's learning rate of 0.1. If with
 *   that the loss on true labels diverges, the row is the first of 0.05, 0.02 and 0.01 at which it
 *   does not (`he-lr-5e-2` and so on), the same for all three rows.
 */
export const WEIGHT_DECAY = 5e-4;

interface Regularized {
  weightDecay: number;
  crop: boolean;
  decayedLayers?: string[];
  initialization?: "he";
  learningRate?: number;
  epochs?: number;
}

/** Decays by what they are called; those of Inception bring its epochs. */
const DECAYS: Record<string, Partial<Regularized>> = {
  wd: { weightDecay: WEIGHT_DECAY },
  "wd-1e-4": { weightDecay: 1e-4 },
  "wd-4e-3-hidden": { weightDecay: 4e-3, decayedLayers: ["hidden1", "hidden2"] },
  "wd-4e-5": { weightDecay: 4e-5, epochs: 64 },
};

/**
 * `crop`, `he`, `lr-<rate>` and a decay, in this order, joined by hyphens.
 * @throws RangeError for what is none of them
 */
export function regularized(name: string): Regularized {
  const [all, crop, he, rate = "1e-1", decay] =
    /^(crop(?:$|-))?(he(?:-lr-(\de-\d))?(?:$|-))?(wd.*)?$/.exec(name) ?? [];
  if (all === undefined || (decay && !DECAYS[decay])) throw new RangeError(`no recipe has ${name}`);
  return {
    weightDecay: 0,
    crop: crop !== undefined,
    ...(he && { initialization: "he" as const, learningRate: Number(rate), epochs: 64 }),
    ...(decay && DECAYS[decay]),
  };
}

/**
 * The second recipe's name of what a row of the paper is called here, if it has one:
 * "wd" of an MLP → "wd-1e-4".
 */
export function secondOf(net: string, name: string): string | undefined {
  const decay = net.startsWith("mlp")
    ? "wd-1e-4"
    : net === "alexnet"
      ? "wd-4e-3-hidden"
      : "wd-4e-5";
  const decayed = name.endsWith("wd") ? name.replace(/wd$/, decay) : undefined;
  if (net !== "inception-nobn") return decayed;
  return decayed ? `he-${decayed}` : "he";
}
