/** Theorem 1's network, built from the training set. */
import { cpus } from "node:os";
import { SPLIT_SIZE } from "../datasets/cifar10.ts";
import { readView } from "../datasets/view.ts";
import { direction, interpolate, project } from "../nets/theorem1.ts";
import { exportTheorem1 } from "../onnx/theorem1.ts";
import type { ConstructionRecipe } from "../recipe.ts";
import { openDataset } from "../local/dataset.ts";
import type { Made } from "./made.ts";

export async function construct(
  recipe: ConstructionRecipe,
  metadata: Record<string, string>,
): Promise<Made> {
  const started = Date.now();
  const storage = await openDataset();
  const a = direction(recipe.seed, 3072);
  const z = new Float64Array(SPLIT_SIZE.train);
  const labels = new Uint8Array(SPLIT_SIZE.train);
  for (let at = 0; at < z.length; at += 1000) {
    const { images, given } = await readView(storage, recipe.view, "train", at, at + 1000);
    z.set(project(a, images), at);
    labels.set(given, at);
  }
  const { b, w } = interpolate(z, labels);
  return {
    model: exportTheorem1(a, { b, w }, metadata),
    parameters: a.length + b.length + w.length,
    history: [],
    trained: {
      backend: "none: constructed",
      version: `node ${process.versions.node}`,
      device: cpus()[0]?.model.trim() ?? "unknown",
      threads: 1,
      environment: {},
      seconds: Math.round((Date.now() - started) / 100) / 10,
    },
  };
}
