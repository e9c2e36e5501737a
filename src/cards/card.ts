/** models/<id>/README.md: a model card with the front matter that hub tools read. */
import { checkpointsOf } from "../claims/claim.ts";
import { CLAIMS } from "../claims/claims.ts";
import { type Fraction, percent } from "../fraction.ts";
import type { Finding, Verdict } from "../claims/judge.ts";
import { seedsText } from "../claims/seeds.ts";
import { pairedText } from "../claims/paired.ts";
import type { View } from "../datasets/view.ts";
import type { Checkpoint } from "../evaluation/checkpoint.ts";
import type { SplitFixture } from "../evaluation/fixture.ts";
import { datasetOf } from "../datasets/datasets.ts";
import { lateReason } from "../claims/registered.ts";
import { netText, PIXELS, recipeRows, regularizersText, viewText } from "./describe.ts";
import { frontMatter } from "./front-matter.ts";
import { markdownTable } from "./markdown.ts";
import { type Numbers, paperAccuracy } from "./published-numbers.ts";
import { againText, trainingText } from "./training.ts";

const PAPER = "https://arxiv.org/abs/1611.03530";

function countsTable({ checkpoint, fixture }: Numbers): string {
  const { train, test } = fixture.splits;
  const paper = paperAccuracy(checkpoint.id);
  const row = (split: string, labels: string, correct: number, total: number, theirs = "") => [
    split,
    labels,
    `${correct}`,
    `${total}`,
    `${percent([correct, total])} %`,
    theirs,
  ];
  const onTrue = train.correctOnTrueLabels;
  return markdownTable(
    ["split", "labels", "correct", "of", "accuracy", "in the paper"],
    [
      row("train", "given", train.correct, train.total, paper.train),
      ...(onTrue === undefined ? [] : [row("train", "true", onTrue, train.total)]),
      row("test", "true", test.correct, test.total, paper.test),
    ],
    ["correct", "of", "accuracy", "in the paper"],
  );
}

function marginRow(split: string, { margin, reference, total }: SplitFixture): string[] {
  const compared = reference.reduce((sum, { start, end }) => sum + end - start, 0);
  return [
    split,
    margin.min.toPrecision(3),
    margin.deviation.toPrecision(3),
    compared === total ? `all ${total}` : `the first ${compared} of ${total}`,
    margin.fragile.length === 0 ? "none" : `${margin.fragile.length}`,
  ];
}

/** Of CIFAR-10 with which labels, and how. */
function introduction({ recipe }: Checkpoint): string {
  const on = `on ${datasetOf(recipe.view.dataset).title} with ${viewText(recipe.view)}`;
  if (recipe.kind === "kernel") return `A ${netText(recipe)}, solved ${on}.`;
  return recipe.kind === "training"
    ? `A ${netText(recipe)}, trained ${on}, ${regularizersText(recipe)}.`
    : `A ${netText(recipe)}, built ${on}.`;
}

/** What the graph does to the dataset's bytes. */
function preprocessingText({ recipe }: Checkpoint): string {
  if (recipe.kind === "kernel")
    return "the graph compares them with every training image, by exact distances, and sums in float64: a runtime without it is outside the promise. The training images are external data: they lie in the dataset's official file, beside which the model must lie, or which a runtime is given";
  return recipe.kind === "training"
    ? "the graph cuts out the centre 28×28 and standardizes each image"
    : "the graph takes them as they are and computes in float64: a runtime without it is outside the promise";
}

/** What is done to the bytes of both splits, if anything. */
function pixelsText({ pixels }: View): string {
  const how = PIXELS[pixels.kind];
  return (
    how && `\nThe counts are of corrupted images, in both splits: ${how}, by the keyed generator.`
  );
}

function findingLine({ rule, holds, ours, wanted, values }: Finding): string {
  const of = rule.checkpoints.length > 1 ? ` of ${rule.checkpoints.join(", ")}` : "";
  const alone = values.map(({ paired }) =>
    paired ? ` (test examples met alone: ${pairedText(paired)})` : "",
  );
  return `  - \`${rule.kind}\`${of}: ${ours}${alone.join("")}; wanted ${wanted}${holds ? "" : ", so it fails"}`;
}

/** A line for each claim that a checkpoint bears on, and below it what its rules found. */
function claimLines(id: string, verdicts: Verdict[]): string[] {
  return CLAIMS.flatMap((claim) => {
    const {
      status = "not-evaluated",
      findings = [],
      seeds,
    } = verdicts.find((v) => v.claim === claim.id) ?? {};
    const about = [...checkpointsOf(claim), ...findings.flatMap(({ rule }) => rule.checkpoints)];
    if (!about.includes(id)) return [];
    const words = [
      status.replace("-", " "),
      ...(seeds ? [seedsText(seeds, claim.rules.length)] : []),
      ...(lateReason(claim.id) ? ["registered late"] : []),
    ];
    return [
      `- \`${claim.id}\`, ${words.join(", ")}: ${claim.statement}`,
      ...findings.filter(({ rule }) => rule.checkpoints.includes(id)).map(findingLine),
    ];
  });
}

function by(runtime: { package: string; version: string } | undefined): string {
  return runtime ? `${runtime.package} ${runtime.version}` : "a runtime that did not run";
}

/**
 * The card of a checkpoint, from what is published of it.
 * @param verdicts of the claims, for which others may count, too
 */
export function cardOf(numbers: Numbers, verdicts: Verdict[]): string {
  const { checkpoint, fixture } = numbers;
  const { id, recipe, recipeDigest, model } = checkpoint;
  const { gap } = fixture;
  const exact: Fraction = [gap.numerator, gap.denominator];
  return `---
${frontMatter(numbers)}---

<!-- generated by npm run cards; edits are overwritten -->

# ${id}

${introduction(checkpoint)}

It is one of the networks that Rethink publishes so that anyone can recompute the accuracy gaps of
["Understanding deep learning requires rethinking generalization"](${PAPER}) (Zhang et al., ICLR
2017). It is evidence for a claim, of one ${recipe.kind === "kernel" ? "solution" : `${recipe.kind} with one seed`}, and not a classifier to use.

Input \`images\`: uint8 \`[N,${datasetOf(recipe.view.dataset).image.join(",")}]\`${recipe.view.dataset === "cifar10" ? ", planes R, G, B" : ""}, the dataset's bytes; ${preprocessingText(checkpoint)}.
Output \`logits\`: float32 \`[N,10]\`. The prediction is the index of the largest logit, the lowest on a tie.${pixelsText(fixture.view)}

## Counts

${countsTable(numbers)}

The gap, train accuracy on given labels less test accuracy, is exactly ${gap.numerator}/${gap.denominator} = ${percent(exact)} %.

## Recipe

${markdownTable(["", ""], [["parameters", `${model.parameters}`], ...recipeRows(recipe), ["recipe digest", `\`${recipeDigest}\``]])}

## Where and with what it was ${{ training: "trained", construction: "built", kernel: "solved", given: "made" }[recipe.kind]}

${trainingText(numbers)}
${againText(numbers)}
## Margin certificate

${markdownTable(
  ["split", "least margin", "largest deviation", "compared", "fragile examples"],
  [marginRow("train", fixture.splits.train), marginRow("test", fixture.splits.test)],
  ["least margin", "largest deviation", "compared", "fragile examples"],
)}

The margin of an example is its first logit less its second, of onnxruntime-web where it ran; the deviation is that of
${by(fixture.runtime.native)} from ${by(fixture.runtime.wasm)}, where
both were compared. A prediction could differ between them only where the margin is at most twice the deviation: those
examples are called fragile. For examples that were not compared it is an assumption that none deviates more; another
build of onnxruntime, or another processor, has a deviation of its own.

## Verify

    npm ci
    npm run verify -- --checkpoint ${id} --full
    npm run verify -- --checkpoint ${id} --full --runtime wasm

How labels, digests and verdicts are made is in [fixtures/README.md](../../fixtures/README.md).
One short script does it with numpy and onnxruntime alone and shares nothing with the rest of Rethink
(.cache/${recipe.view.dataset} holds the official files once this network was verified):

    python3 scripts/audit.py models/${id}/model.onnx fixtures/${id}.json .cache/${recipe.view.dataset}

## Claims

What the paper states and this network bears on, and what became of it; [fixtures/README.md](../../fixtures/README.md)
has the rules, and fixtures/claims.json beside it all of them with their bounds:

${claimLines(id, verdicts).join("\n")}
`;
}
