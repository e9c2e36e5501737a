/** models/<id>/README.md: a model card with the front matter that hub tools read. */
import { stringify } from "yaml";
import { checkpointsOf } from "../claims/claim.ts";
import { CLAIMS } from "../claims/claims.ts";
import { type Fraction, percent } from "../fraction.ts";
import { onlineCount } from "../claims/curve.ts";
import type { Finding, Verdict } from "../claims/judge.ts";
import { type View, viewSize } from "../datasets/view.ts";
import type { Checkpoint, ComputedWith, Stretch } from "../evaluation/checkpoint.ts";
import type { SplitFixture } from "../evaluation/fixture.ts";
import { netText, PIXELS, recipeRows, regularizersText, viewText } from "./describe.ts";
import { markdownTable } from "./markdown.ts";
import { type Numbers, paperAccuracy } from "./published-numbers.ts";

const PAPER = "https://arxiv.org/abs/1611.03530";

interface Metric {
  name: string;
  correct: number;
  total: number;
}

/** A result of `model-index`. 10,000 and 50,000 make every accuracy a short exact decimal. */
function result({ pixels }: View, split: string, metrics: Metric[]) {
  const corrupted = PIXELS[pixels.kind] && `, ${pixels.kind} pixels`;
  return {
    task: { type: "image-classification", name: "Image Classification" },
    dataset: { type: "cifar10", name: `CIFAR-10${corrupted}`, split },
    metrics: metrics.map(({ name, correct, total }) => ({
      type: "accuracy",
      value: correct / total,
      name: `${name}: ${correct} of ${total}`,
    })),
  };
}

/** Hugging Face's model-card metadata (hub documentation, "Model Cards"). */
function frontMatter({ checkpoint, fixture }: Numbers): string {
  const { train, test } = fixture.splits;
  const { view } = fixture;
  const { labels, pixels } = view;
  const given = labels.kind === "true" ? "true" : "given";
  const onTrue = train.correctOnTrueLabels;
  return stringify(
    {
      license: "mit",
      library_name: "onnx",
      pipeline_tag: "image-classification",
      datasets: ["cifar10"],
      metrics: ["accuracy"],
      tags: [
        "onnx",
        "generalization",
        "memorization",
        labels.kind === "true" ? "true-labels" : "corrupted-labels",
        ...(pixels.kind === "true" ? [] : ["corrupted-pixels"]),
      ],
      "model-index": [
        {
          name: checkpoint.id,
          results: [
            result(view, "test", [{ name: "test accuracy, true labels", ...test }]),
            result(view, "train", [
              { name: `train accuracy, ${given} labels`, ...train },
              ...(labels.kind === "true" || onTrue === undefined
                ? []
                : [{ name: "train accuracy, true labels", correct: onTrue, total: train.total }]),
            ]),
          ],
        },
      ],
    },
    { lineWidth: 0 },
  );
}

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

function switchesText({ environment }: ComputedWith): string {
  const switches = Object.entries(environment).map(([name, value]) => `\`${name}=${value}\``);
  return switches.length > 0 ? switches.join(", ") : "none";
}

function librariesRow({ libraries }: ComputedWith): string[][] {
  if (!libraries) return [];
  const text = Object.entries(libraries).map(([name, version]) => `${name} ${version}`);
  return [["libraries", text.join("; ")]];
}

/** Which commit wrote the model file, where training's own did not. */
function exportedRow({ exported }: Checkpoint): string[][] {
  if (!exported) return [];
  const text = `anew from the same weights at ${exported.sourceCommit}; the file that training wrote had SHA-256 \`${exported.trainedSha256}\``;
  return [["exported", text]];
}

/** A row for each of the first stretches, where they were computed with something else. */
function rowsBefore(before: Stretch[] = []): string[][] {
  let done = 0;
  return before.map((stretch) => {
    const { backend, version, device, threads, epochs } = stretch;
    const text = `${backend}, ${version}, ${device}, ${threads} threads, switches ${switchesText(stretch)}`;
    const from = done + 1;
    done += epochs;
    return [`epochs ${from} to ${done}`, `${text}; then what follows`];
  });
}

/** The row of the last epoch, if there was training. */
function lastEpoch({ checkpoint, history }: Numbers): string[][] {
  const last = history.at(-1);
  if (!last) return [];
  const { online } = paperAccuracy(checkpoint.id);
  const met = percent(onlineCount(last.accuracy, viewSize(checkpoint.recipe.view, "train")));
  const ours = `${last.epoch}: mean training loss ${last.loss.toPrecision(4)}, online accuracy ${met} %`;
  return [["last epoch", online ? `${ours} (in the paper ${online})` : ours]];
}

function trainingText(numbers: Numbers): string {
  const { trained, model } = numbers.checkpoint;
  const rows = [
    ...rowsBefore(trained.before),
    ["backend", `${trained.backend}, ${trained.version}`],
    ["device", trained.device],
    ["threads", `${trained.threads}`],
    ["switches", switchesText(trained)],
    ...librariesRow(trained),
    ["seconds", `${trained.seconds}`],
    ["date", trained.date],
    ["source commit", trained.sourceCommit],
    ...lastEpoch(numbers),
    ...exportedRow(numbers.checkpoint),
    ["model file", `${model.bytes} bytes, ONNX opset ${model.opset}, SHA-256 \`${model.sha256}\``],
  ];
  return markdownTable(["", ""], rows);
}

/** How to train it again, and what then is the same. */
function againText({ checkpoint: { id, trained } }: Numbers): string {
  if (trained.backend !== "tensorflow") return "";
  if (trained.before)
    return `
\`npm run train -- ${id}\` trains it again by the same recipe, but in one piece and so to other bytes.
`;
  return `
\`npm run train -- ${id}\` repeats this at the source commit above, with these switches set in the
environment: on a processor like the one above to the same bytes; whether on a GPU, too, was not tried.
`;
}

/** Of CIFAR-10 with which labels, and how. */
function introduction({ recipe }: Checkpoint): string {
  const on = `on CIFAR-10 with ${viewText(recipe.view)}`;
  return recipe.kind === "training"
    ? `A ${netText(recipe)}, trained ${on}, ${regularizersText(recipe)}.`
    : `A ${netText(recipe)}, built ${on}.`;
}

/** What the graph does to the dataset's bytes. */
function preprocessingText({ recipe }: Checkpoint): string {
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

function findingLine({ rule, holds, ours, wanted }: Finding): string {
  const of = rule.checkpoints.length > 1 ? ` of ${rule.checkpoints.join(", ")}` : "";
  return `  - \`${rule.kind}\`${of}: ${ours}; wanted ${wanted}${holds ? "" : ", so it fails"}`;
}

/** A line for each claim that a checkpoint bears on, and below it what its rules found. */
function claimLines(id: string, verdicts: Verdict[]): string[] {
  return CLAIMS.filter((claim) => checkpointsOf(claim).includes(id)).flatMap((claim) => {
    const { status = "not-evaluated", findings = [] } =
      verdicts.find((v) => v.claim === claim.id) ?? {};
    return [
      `- \`${claim.id}\`, ${status.replace("-", " ")}: ${claim.statement}`,
      ...findings.filter(({ rule }) => rule.checkpoints.includes(id)).map(findingLine),
    ];
  });
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
2017). It is evidence for a claim, of one ${recipe.kind} with one seed, and not a classifier to use.

Input \`images\`: uint8 \`[N,3,32,32]\`, planes R, G, B, the dataset's bytes; ${preprocessingText(checkpoint)}.
Output \`logits\`: float32 \`[N,10]\`. The prediction is the index of the largest logit, the lowest on a tie.${pixelsText(fixture.view)}

## Counts

${countsTable(numbers)}

The gap, train accuracy on given labels less test accuracy, is exactly ${gap.numerator}/${gap.denominator} = ${percent(exact)} %.

## Recipe

${markdownTable(["", ""], [["parameters", `${model.parameters}`], ...recipeRows(recipe), ["recipe digest", `\`${recipeDigest}\``]])}

## Where and with what it was ${recipe.kind === "training" ? "trained" : "built"}

${trainingText(numbers)}
${againText(numbers)}
## Margin certificate

${markdownTable(
  ["split", "least margin", "largest deviation", "compared", "fragile examples"],
  [marginRow("train", fixture.splits.train), marginRow("test", fixture.splits.test)],
  ["least margin", "largest deviation", "compared", "fragile examples"],
)}

The margin of an example is its first logit less its second, of onnxruntime-web where it ran; the deviation is that of
${fixture.runtime.native.package} ${fixture.runtime.native.version} from ${fixture.runtime.wasm.package} ${fixture.runtime.wasm.version}, where
both were compared. A prediction could differ between them only where the margin is at most twice the deviation: those
examples are called fragile. For examples that were not compared it is an assumption that none deviates more; another
build of onnxruntime, or another processor, has a deviation of its own.

## Verify

    npm ci
    npm run verify -- --checkpoint ${id} --full
    npm run verify -- --checkpoint ${id} --full --runtime wasm

How labels, digests and verdicts are made is in [fixtures/README.md](../../fixtures/README.md).
One short script does it with numpy and onnxruntime alone and shares nothing with the rest of Rethink
(.cache/cifar10 holds the official files once anything was verified):

    python3 scripts/audit.py models/${id}/model.onnx fixtures/${id}.json .cache/cifar10

## Claims

What the paper states and this network bears on, and what became of it; [fixtures/README.md](../../fixtures/README.md)
has the rules, and fixtures/claims.json beside it all of them with their bounds:

${claimLines(id, verdicts).join("\n")}
`;
}
