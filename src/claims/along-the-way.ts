/** What histories tell along the way: early stopping (Figure 2b), and what is learned first (Section 2.2). */
import { half, ofPercent } from "../fraction.ts";
import type { Claim, Rule } from "./claim.ts";
import { NETS, paper } from "./paper.ts";

/**
 * What early stopping may gain at most, in points, where it does not help: less than half of the
 * least that Table 2 shows where the paper says that it could (59.80 at the end, 63.16 at best). The
 * best epoch is chosen by the test set itself, so that no rule for stopping gains more.
 */
const { top1Test, top1TestBest } = paper.table2.rows.find(
  (row) => row.labels === "true" && !row.augmentation && !row.weightDecay,
) as { top1Test: number; top1TestBest: number };
const NO_HELP = half(ofPercent(top1TestBest - top1Test));

const NOTE: Record<string, string> = { inception: "", default: " (the paper shows Inception)" };

export const EARLY_STOPPING: Claim[] = NETS.filter((net) => net !== "inception-nobn").map(
  (net) => ({
    id: `figure-2b.early-stopping.${net}`,
    group: "Figure 2",
    where: paper.figure2.where,
    statement: `On CIFAR-10 early stopping does not help ${net}${NOTE[net] ?? NOTE.default}.`,
    rules: [1, 2].map((seed) => ({
      kind: "stopping-gains",
      checkpoints: [`${net}.true.seed-${seed}`],
      atMost: NO_HELP,
    })),
  }),
);

/** Where two fifths of the labels are redrawn, most of the unchanged share what the images tell. */
export const LEARNED_FIRST: Claim[] = ["mlp-1x512", "alexnet"].map((net) => ({
  id: `section-2.learned-first.${net}`,
  group: "Section 2",
  where: "Section 2.2, p. 5",
  statement: `${net} learns what is common first: it meets half of the unchanged labels before half of the changed ones.`,
  rules: [{ kind: "unchanged-first", checkpoints: [`${net}.noise-40.seed-1`], reached: [1, 2] }],
}));

/** What the paper says of what it prints beside each other; decided by what was published already. */
export const COMPARED: Claim[] = [
  {
    id: "section-3.architecture",
    group: "Section 3",
    where: "Section 3, p. 7",
    statement:
      "Another architecture moves the test accuracy by more than any regularizer: Inception in AlexNet's place, and AlexNet in a perceptron's.",
    rules: [
      ["mlp-3x512.true", "alexnet.true"],
      ["alexnet.true", "inception.true"],
    ].map((architectures) => ({
      kind: "outweighs",
      checkpoints: [...architectures, ...regularized()],
    })),
  },
  {
    id: "section-3.crop",
    group: "Section 3",
    where: "Section 3, p. 7",
    statement: "Random crops help more than weight decay.",
    rules: ["inception", "alexnet"].flatMap((net): Rule[] => [
      {
        kind: "outweighs",
        checkpoints: [`${net}.true`, `${net}.true.crop`, `${net}.true`, `${net}.true.wd`],
      },
      { kind: "better", checkpoints: [`${net}.true.wd`, `${net}.true.crop`] },
    ]),
  },
  {
    id: "figure-1c.signal-left",
    group: "Figure 1c",
    where: "Figure 1, p. 4",
    statement: "Where 80 % of the labels are redrawn, more than chance is left.",
    rules: ["inception", "alexnet", "mlp-1x512"].map((net) => ({
      kind: "generalizes",
      checkpoints: [`${net}.noise-80`],
      atLeast: [0, 1],
    })),
  },
];

/** Every row of Table 1 with regularizers after that without, on true labels. */
function regularized(): string[] {
  return paper.table1.rows
    .filter(({ labels, crop, weightDecay }) => labels === "true" && (crop || weightDecay))
    .flatMap(({ net, crop, weightDecay }) => {
      const name = [...(crop ? ["crop"] : []), ...(weightDecay ? ["wd"] : [])].join("-");
      return [`${net}.true`, `${net}.true.${name}`];
    });
}
