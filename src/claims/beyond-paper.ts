/** What later work found of the same nets, and the published ones can tell. Each `where` is its source. */
import { SHORT_OF_PAPER } from "./bounds.ts";
import type { Claim, Rule } from "./claim.ts";
import { CORRUPTION, FIGURE_1_NETS } from "./figure1.ts";
import { NETS } from "./paper.ts";

/**
 * Nets that err independently, each right on half of the test images as MLPs are, agree on some 29 %
 * of them: 0.51² + 0.49²/9. Two fifths are well above.
 */
const AGREE = [2, 5] as const;

/** More than not: an answer that is a guess by its odds would be none of these. */
const MOST = [1, 2] as const;

/** A tenth more: growth that is worth the name. Three seeds of mlp-1x512.true have 38.68 to 38.69. */
const GROWN = [11, 10] as const;

/** Those whose first recipe learns random labels. */
const LEARN = NETS.filter((net) => net !== "inception-nobn");

const grows = (from: string, to: string): Rule => ({
  kind: "norm-grows",
  checkpoints: [from, to],
  atLeast: GROWN,
});

export const BEYOND_THE_PAPER: Claim[] = [
  {
    id: "beyond.diluted",
    group: "Beyond the paper",
    where: "Nakkiran and Bansal, Distributional Generalization (2020), arXiv 2009.08092",
    statement:
      "What fits corrupted labels answers new images by labels corrupted alike: where a fraction p of them is redrawn, test accuracy is near (1 − p) times that without, plus p/10.",
    rules: FIGURE_1_NETS.flatMap((net) =>
      CORRUPTION.slice(1, -1).map(
        ({ fraction, data }): Rule => ({
          kind: "diluted",
          checkpoints: [`${net}.true`, `${net}.${data}`],
          fraction: [Math.round(fraction * 5), 5],
          atMost: [SHORT_OF_PAPER, 100],
        }),
      ),
    ),
  },
  {
    id: "beyond.agreement",
    group: "Beyond the paper",
    where:
      "Jiang et al., Assessing Generalization of SGD via Disagreement (2022), arXiv 2106.13799",
    statement:
      "Two trainings on true labels agree on test images far more often than independent errors would have it; two on random labels no more than guesses.",
    rules: [
      {
        kind: "agree",
        checkpoints: ["mlp-1x512.true.seed-1", "mlp-1x512.true.seed-2"],
        atLeast: AGREE,
      },
      {
        kind: "agree-at-chance",
        checkpoints: ["mlp-1x512.random-labels.seed-1", "mlp-1x512.random-labels.seed-2"],
      },
    ],
  },
  {
    id: "beyond.confidence",
    group: "Beyond the paper",
    where: "Guo et al., On Calibration of Modern Neural Networks (2017), arXiv 1706.04599",
    statement:
      "Nets that learned random labels are confidently wrong on new images: most of what they miss has odds of twenty to one against any other class.",
    rules: LEARN.map(
      (net): Rule => ({
        kind: "confidently-wrong",
        checkpoints: [`${net}.random-labels`],
        atLeast: MOST,
      }),
    ),
  },
  {
    id: "beyond.norm",
    group: "Beyond the paper",
    where:
      "Neyshabur et al., Exploring Generalization in Deep Learning (2017), arXiv 1706.08947; of kernels Belkin, Ma and Mandal, To Understand Deep Learning We Need to Understand Kernel Learning (2018), arXiv 1802.01396",
    statement:
      "Random labels cost larger weights than true ones, and a kernel machine that interpolates a larger norm.",
    rules: [
      ...LEARN.map((net) => grows(`${net}.true`, `${net}.random-labels`)),
      grows("kernel.mnist.true", "kernel.mnist.random-labels"),
    ],
  },
];
