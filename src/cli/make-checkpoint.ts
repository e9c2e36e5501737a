/** A checkpoint made by its recipe, and its files. */
import { commandLine } from "../command.ts";
import { dirname, join } from "node:path";
import { InputError } from "../datasets/storage.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { OPSET } from "../onnx/graph.ts";
import { normOfKernels } from "../onnx/norm.ts";
import { canonicalDigest, type Recipe } from "../recipe.ts";
import { checkWritable, writeWhole } from "../local/folder.ts";
import { HOME } from "../local/project.ts";
import { sourceCommit } from "../local/source-commit.ts";
import type { CheckpointFiles } from "../queue/training.ts";
import { sortedJson } from "../sorted-json.ts";
import type { Made, TrainOptions } from "./made.ts";
import { print } from "../print.ts";

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
  if (recipe.kind === "kernel") {
    const { solveKernel } = await withTensorFlow(import("./solve-kernel.ts"));
    return await solveKernel(recipe, metadata, commit, options, dirname(statePath));
  }
  const { trainNet } = await withTensorFlow(import("./train-net.ts"));
  return await trainNet(recipe, metadata, commit, options, statePath);
}

/** @throws InputError where the code of training lacks what it runs on, as the package does. */
export async function withTensorFlow<T>(code: Promise<T>): Promise<T> {
  return await code.catch((error: NodeJS.ErrnoException) => {
    if (!/MODULE_NOT_FOUND/.test(error.code ?? "") && !/@tensorflow/.test(error.message))
      throw error;
    throw new InputError(
      "training needs TensorFlow, which is not installed here: in a clone, npm ci && npm run setup:training",
    );
  });
}

/** @param statePath where a training is saved as it goes, and beside which a kernel's factor is */
export async function makeCheckpoint(
  id: string,
  recipe: Recipe,
  options: TrainOptions,
  statePath: string,
): Promise<CheckpointFiles> {
  const commit = sourceCommit(); // of the code that begins, not of what it became meanwhile
  const recipeDigest = await canonicalDigest(recipe);
  const made = await make(recipe, { id, recipeDigest }, commit, options, statePath);
  const { model, parameters, history, commits = [commit], trained } = made;
  const norm = made.norm ?? normOfKernels(model);
  const historyBytes = new TextEncoder().encode(sortedJson(history));
  const checkpoint = {
    id,
    recipe,
    recipeDigest,
    model: {
      file: "model.onnx" as const,
      sha256: await sha256Hex(model),
      bytes: model.length,
      opset: OPSET,
      parameters,
      ...(norm !== undefined && { norm }),
    },
    history: { file: "history.json" as const, sha256: await sha256Hex(historyBytes) },
    trained: {
      ...trained,
      epochs: history.length,
      date: new Date().toISOString().slice(0, 10),
      sourceCommit: commits.join(", "),
    },
  };
  return { checkpoint, model, history: historyBytes };
}

const FILES = ["model.onnx", "history.json", "checkpoint.json"] as const;
const pathOf = (id: string, file: (typeof FILES)[number]) => join(HOME, "models", id, file);

/** @throws InputError where writeCheckpoint could not write one of this id. */
export async function checkCheckpointWritable(id: string): Promise<void> {
  for (const file of FILES) await checkWritable(pathOf(id, file));
}

/** Writes models/<id>/, the description last: what it names is there. */
export async function writeCheckpoint(files: CheckpointFiles): Promise<void> {
  const { checkpoint, model, history } = files;
  await writeWhole(pathOf(checkpoint.id, "model.onnx"), model);
  await writeWhole(pathOf(checkpoint.id, "history.json"), history);
  await writeWhole(pathOf(checkpoint.id, "checkpoint.json"), sortedJson(checkpoint));
  print(
    `models/${checkpoint.id}: ${checkpoint.model.parameters} parameters, ${model.length} bytes; next: ${commandLine("fixtures", checkpoint.id)}`,
  );
}
