/** What hub tools read of a card: its counts as metadata. */
import { datasetOf } from "../datasets/datasets.ts";
import { stringify } from "yaml";
import type { View } from "../datasets/view.ts";
import { PIXELS } from "./describe.ts";
import type { Numbers } from "./published-numbers.ts";

interface Metric {
  name: string;
  correct: number;
  total: number;
}

/** A result of `model-index`. 10,000 and 50,000 make every accuracy a short exact decimal. */
function result({ dataset, pixels }: View, split: string, metrics: Metric[]) {
  const corrupted = PIXELS[pixels.kind] && `, ${pixels.kind} pixels`;
  return {
    task: { type: "image-classification", name: "Image Classification" },
    dataset: { type: dataset, name: `${datasetOf(dataset).title}${corrupted}`, split },
    metrics: metrics.map(({ name, correct, total }) => ({
      type: "accuracy",
      value: correct / total,
      name: `${name}: ${correct} of ${total}`,
    })),
  };
}

/** Hugging Face's model-card metadata (hub documentation, "Model Cards"). */
export function frontMatter({ checkpoint, fixture }: Numbers): string {
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
      datasets: [view.dataset],
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
