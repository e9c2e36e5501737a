/** What the paper reports and this harness does not evaluate: named, with its numbers and the reason. */
import type { Claim } from "./claim.ts";
import { paper } from "./paper.ts";

const IMAGENET =
  "ImageNet may not be redistributed, and its 1.28 million images are too many to train on here";

type ImageNetRow = (typeof paper.table2.rows)[number];

function table2Id({ labels, augmentation, dropout, weightDecay }: ImageNetRow): string {
  const regularizers = [
    ...(augmentation ? ["augmentation"] : []),
    ...(dropout ? ["dropout"] : []),
    ...(weightDecay ? ["wd"] : []),
  ].join("-");
  return `${labels === "random" ? "random-labels" : "true"}${regularizers ? `.${regularizers}` : ""}`;
}

/** Of train and test; the best is over the epochs, where the paper prints it. */
function accuracies(row: ImageNetRow): string {
  const best = (accuracy?: number) => (accuracy === undefined ? "" : ` (best ${accuracy})`);
  const { top1Train, top1Test, top1TestBest, top5Train, top5Test, top5TestBest } = row;
  return `top-1 ${top1Train} / ${top1Test}${best(top1TestBest)} %, top-5 ${top5Train} / ${top5Test}${best(top5TestBest)} % (train / test)`;
}

const TABLE_2: Claim[] = paper.table2.rows.map((row) => ({
  id: `table-2.${table2Id(row)}`,
  group: "Table 2",
  where: paper.table2.where,
  statement:
    row.labels === "random"
      ? "Inception v3 fits most of ImageNet's labels made random, and is at chance on its validation set."
      : "Inception v3 fits ImageNet's true labels and generalizes, with explicit regularizers or without.",
  rules: [],
  beyondReach: {
    reason: IMAGENET,
    paper: accuracies(row),
  },
}));

// Early stopping's gain is that from the final to the best test accuracy, which
// Table 2 prints for the rows without augmentation.
const FIGURE_2A: Claim = {
  id: "figure-2a",
  group: "Figure 2",
  where: paper.figure2.where,
  statement: "On ImageNet early stopping could have helped where other regularizers are absent.",
  rules: [],
  beyondReach: {
    reason: IMAGENET,
    paper: paper.table2.rows
      .filter((row) => row.top1TestBest !== undefined)
      .map(
        ({ weightDecay, top1Test, top1TestBest }) =>
          `${weightDecay ? "weight decay" : "none"}: test ${top1Test} % at the end, ${top1TestBest} % at best`,
      )
      .join("; "),
  },
};

export const BEYOND_REACH: Claim[] = [FIGURE_2A, ...TABLE_2];
