/** `train <id>`: makes a checkpoint by its recipe. Theorem 1's is constructed. */
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { SPLIT_SIZE } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { readView } from "../datasets/view.ts";
import type { Checkpoint } from "../evaluation/checkpoint.ts";
import { direction, interpolate, project as projectImages } from "../nets/theorem1.ts";
import { OPSET } from "../onnx/graph.ts";
import { exportTheorem1 } from "../onnx/theorem1.ts";
import { canonicalDigest, type Recipe } from "../recipe.ts";
import { RECIPES } from "../recipes.ts";
import { openDataset } from "./dataset.ts";
import { writeWhole } from "./folder.ts";
import { HOME, json, known } from "./project.ts";

function sourceCommit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: HOME, encoding: "utf8" }).trim();
    return git("rev-parse", "HEAD") + (git("status", "--porcelain", "src") ? "-dirty" : "");
  } catch {
    return "unknown";
  }
}

async function construct(recipe: Recipe, metadata: Record<string, string>) {
  const storage = await openDataset();
  const a = direction(recipe.seed, 3072);
  const z = new Float64Array(SPLIT_SIZE.train);
  const labels = new Uint8Array(SPLIT_SIZE.train);
  for (let at = 0; at < z.length; at += 1000) {
    const { images, given } = await readView(storage, recipe.view, "train", at, at + 1000);
    z.set(projectImages(a, images), at);
    labels.set(given, at);
  }
  const { b, w } = interpolate(z, labels);
  return {
    model: exportTheorem1(a, { b, w }, metadata),
    parameters: a.length + b.length + w.length,
  };
}

export async function train(name: string): Promise<void> {
  const id = known(name, Object.keys(RECIPES), "recipe");
  const recipe = RECIPES[id] as Recipe;
  const recipeDigest = await canonicalDigest(recipe);
  const started = Date.now();
  const { model, parameters } = await construct(recipe, { id, recipeDigest });
  const checkpoint: Checkpoint = {
    id,
    recipe,
    recipeDigest,
    model: {
      file: "model.onnx",
      sha256: await sha256Hex(model),
      bytes: model.length,
      opset: OPSET,
      parameters,
    },
    trained: {
      backend: "none: constructed",
      version: `node ${process.versions.node}`,
      device: cpus()[0]?.model.trim() ?? "unknown",
      threads: 1,
      environment: {},
      epochs: 0,
      seconds: Math.round((Date.now() - started) / 100) / 10,
      date: new Date().toISOString().slice(0, 10),
      sourceCommit: sourceCommit(),
    },
  };
  const folder = join(HOME, "models", id);
  await writeWhole(join(folder, "model.onnx"), model);
  await writeWhole(join(folder, "history.json"), json([]));
  await writeWhole(join(folder, "checkpoint.json"), json(checkpoint));
  console.log(
    `models/${id}: ${parameters} parameters, ${model.length} bytes; next: npm run fixtures -- ${id}`,
  );
}
