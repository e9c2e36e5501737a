/** An evaluation that is asked for: what decides it, and the computing. */
import about from "../../../package.json" with { type: "json" };
import { datasetOf } from "../../datasets/datasets.ts";
import { BLOCK_RECORDS } from "../../datasets/records.ts";
import { sha256Hex } from "../../datasets/digest.ts";
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import { logitsDigest } from "../../evaluation/compare.ts";
import { CLASSES, evaluate, type Range } from "../../evaluation/evaluate.ts";
import { loadModel } from "../../evaluation/external.ts";
import type { Runtime } from "../../evaluation/runtimes/runtime.ts";
import { canonicalDigest } from "../../recipe.ts";
import type { SplitName } from "../answers/parameters.ts";
import type { EvaluationAnswer } from "../answers/schemas.ts";
import type { Service } from "../service.ts";
import { modelOf } from "./published.ts";
import { untilAborted } from "./until-aborted.ts";

export interface EvaluationTask extends Range {
  checkpoint: Checkpoint;
  runtime: Runtime;
  split: SplitName;
  list: { predictions: boolean; misclassified: boolean };
}

/**
 * The digest of all that decides the answer.
 * @param version of this project, which decides how it is written
 */
export async function evaluationDigest(
  { checkpoint, runtime, ...rest }: EvaluationTask,
  version = about.version,
): Promise<string> {
  return await canonicalDigest({
    ...rest,
    version,
    model: checkpoint.model.sha256,
    view: checkpoint.recipe.view,
    dataset: officialOf(checkpoint),
    runtime: { name: runtime.name, package: runtime.package, version: runtime.version },
  });
}

/** SHA-256 of the official files of a checkpoint's dataset, by their names. */
function officialOf({ recipe }: Checkpoint): Record<string, string> {
  const { files } = datasetOf(recipe.view.dataset);
  return Object.fromEntries(
    files.map(({ path, sha256 }) => [path.slice(path.indexOf("/") + 1), sha256]),
  );
}

/** The range cut where the dataset's blocks end, so that each is read once. */
function blocksOf({ start, end }: Range): Range[] {
  const blocks: Range[] = [];
  for (let at = start; at < end; at = blocks.at(-1)?.end ?? end) {
    const next = (Math.floor(at / BLOCK_RECORDS) + 1) * BLOCK_RECORDS;
    blocks.push({ start: at, end: Math.min(end, next) });
  }
  return blocks;
}

export async function computeEvaluation(
  service: Service,
  task: EvaluationTask,
  signal: AbortSignal,
) {
  const { checkpoint, runtime, split, start, end, list } = task;
  const { view } = checkpoint.recipe;
  const predictions = new Uint8Array(end - start);
  const logits = runtime.name === "wasm" ? new Float32Array((end - start) * CLASSES) : undefined;
  const misclassified: number[] = [];
  let correct = 0;
  let correctOnTrueLabels = 0;
  const model = await untilAborted(signal, modelOf(service, checkpoint));
  const session = await loadModel(runtime, service.dataset, checkpoint, model);
  try {
    const shards = evaluate(service.dataset, view, session, split, blocksOf(task), signal);
    for await (const shard of shards) {
      correct += shard.correct;
      correctOnTrueLabels += shard.correctOnTrueLabels;
      predictions.set(shard.predictions, shard.start - start);
      logits?.set(shard.logits, (shard.start - start) * CLASSES);
      shard.predictions.forEach((p, i) => {
        if (p !== shard.given[i]) misclassified.push(shard.start + i);
      });
      service.metrics?.evaluated(runtime.name, shard.predictions.length);
    }
  } finally {
    await session.close();
  }
  const answer: EvaluationAnswer = {
    checkpoint: checkpoint.id,
    sha256: checkpoint.model.sha256,
    view,
    split,
    start,
    end,
    runtime: { name: runtime.name, package: runtime.package, version: runtime.version },
    total: end - start,
    correct,
    correctOnTrueLabels,
    predictionsSha256: await sha256Hex(predictions),
    ...(logits && { logitsSha256: await logitsDigest(logits) }),
    ...(list.predictions && { predictions: [...predictions] }),
    ...(list.misclassified && { misclassified }),
  };
  return JSON.stringify(answer);
}
