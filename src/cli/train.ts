/** `train <id>`: makes a checkpoint by its recipe. Theorem 1's is constructed, the others are trained. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../datasets/digest.ts";
import type { Checkpoint } from "../evaluation/checkpoint.ts";
import { OPSET } from "../onnx/graph.ts";
import { canonicalDigest, type Recipe } from "../recipe.ts";
import { RECIPES } from "../recipes.ts";
import { writeWhole } from "../local/folder.ts";
import { CACHE } from "../local/dataset.ts";
import { HOME, known } from "../local/project.ts";
import { sourceCommit } from "../local/source-commit.ts";
import { sortedJson } from "../sorted-json.ts";
import type { Made, TrainOptions } from "./made.ts";

export { BACKENDS } from "../training/backend-name.ts";

async function make(
  recipe: Recipe,
  metadata: { id: string; recipeDigest: string },
  commit: string,
  options: TrainOptions,
  statePath: string,
): Promise<Made> {
  if (recipe.kind === "construction") {
    return await (await import("./construct.ts")).construct(recipe, metadata);
  }
  // Loaded only here: everything else works without tfjs.
  const { trainNet } = await import("./train-net.ts");
  return await trainNet(recipe, metadata, commit, options, statePath);
}

export async function train(name: string, options: TrainOptions): Promise<void> {
  const id = known(name, Object.keys(RECIPES), "recipe");
  const recipe = RECIPES[id] as Recipe;
  const commit = sourceCommit(); // of the code that begins, not of what it became meanwhile
  const recipeDigest = await canonicalDigest(recipe);
  const statePath = join(CACHE, "training", `${id}.state`);
  const made = await make(recipe, { id, recipeDigest }, commit, options, statePath);
  const { model, parameters, history, commits = [commit], trained } = made;
  const historyBytes = new TextEncoder().encode(sortedJson(history));
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
    history: { file: "history.json", sha256: await sha256Hex(historyBytes) },
    trained: {
      ...trained,
      epochs: history.length,
      date: new Date().toISOString().slice(0, 10),
      sourceCommit: commits.join(", "),
    },
  };
  const folder = join(HOME, "models", id);
  await writeWhole(join(folder, "model.onnx"), model);
  await writeWhole(join(folder, "history.json"), historyBytes);
  await writeWhole(join(folder, "checkpoint.json"), sortedJson(checkpoint));
  await rm(statePath, { force: true });
  console.log(
    `models/${id}: ${parameters} parameters, ${model.length} bytes; next: npm run fixtures -- ${id}`,
  );
}
