/** Evaluations: pure functions of checkpoint, dataset, view, split, range and runtime, so a cache may keep them and ask by the tag. */
import { Hono } from "hono";
import { LRUCache } from "lru-cache";
import * as v from "valibot";
import { datasetOf } from "../../datasets/datasets.ts";
import { BLOCK_RECORDS } from "../../datasets/records.ts";
import { sha256Hex } from "../../datasets/digest.ts";
import { viewSize } from "../../datasets/view.ts";
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import { logitsDigest } from "../../evaluation/compare.ts";
import { CLASSES, evaluate, type Range } from "../../evaluation/evaluate.ts";
import { loadModel } from "../../evaluation/external.ts";
import type { Runtime } from "../../evaluation/runtimes/runtime.ts";
import { canonicalDigest } from "../../recipe.ts";
import { cacheControl, etagOf, notModified } from "../answers/conditional.ts";
import { passAsker } from "../work/asker.ts";
import { joinedWork } from "../work/joined-work.ts";
import { untilDeadline } from "../work/deadline.ts";
import { describe } from "../answers/describe.ts";
import { type JsonAnswer, jsonText } from "../answers/json.ts";
import { publishedCheckpoint, runtimeOf } from "../work/lookup.ts";
import { checked, EvaluationQuery, SplitName } from "../answers/parameters.ts";
import { Problem } from "../answers/problem.ts";
import { EvaluationAnswer } from "../answers/schemas.ts";
import { modelOf, type Service } from "../service.ts";

/** Memory for answers that were computed. */
const ANSWER_CHARACTERS = 8 * 2 ** 20;

interface Task extends Range {
  checkpoint: Checkpoint;
  runtime: Runtime;
  split: SplitName;
  list: { predictions: boolean; misclassified: boolean };
}

/** @throws Problem if the range is empty or not within the split. */
function taskOf(
  checkpoint: Checkpoint,
  runtime: Runtime,
  split: SplitName,
  query: EvaluationQuery,
): Task {
  const size = viewSize(checkpoint.recipe.view, split);
  const { start = 0, end = size, predictions = false, misclassified = false } = query;
  if (start >= end || end > size) {
    throw new Problem(
      "bad-parameter",
      `start, end: ${start} to ${end} is not a range within ${split}'s 0 to ${size}`,
    );
  }
  return { checkpoint, runtime, split, start, end, list: { predictions, misclassified } };
}

const digests = new LRUCache<string, string>({ max: 10_000 });

/** The digest of all that decides the answer, remembered: hashing it takes longer than answering. */
async function digestOf({ checkpoint, runtime, ...rest }: Task): Promise<string> {
  const inputs = {
    ...rest,
    model: checkpoint.model.sha256,
    view: checkpoint.recipe.view,
    dataset: officialOf(checkpoint),
    runtime: { name: runtime.name, package: runtime.package, version: runtime.version },
  };
  const key = JSON.stringify(inputs);
  const digest = digests.get(key) ?? (await canonicalDigest(inputs));
  digests.set(key, digest);
  return digest;
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

async function compute(service: Service, task: Task, signal: AbortSignal) {
  const { checkpoint, runtime, split, start, end, list } = task;
  const { view } = checkpoint.recipe;
  const predictions = new Uint8Array(end - start);
  const logits = runtime.name === "wasm" ? new Float32Array((end - start) * CLASSES) : undefined;
  const misclassified: number[] = [];
  let correct = 0;
  let correctOnTrueLabels = 0;
  const model = await modelOf(service, checkpoint);
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

export function evaluations(service: Service) {
  const answers = new LRUCache<string, string>({
    maxSize: ANSWER_CHARACTERS,
    sizeCalculation: (text) => text.length,
  });
  const shared = joinedWork<string>(passAsker);
  return new Hono().get(
    "/:id/evaluations/:split",
    describe({
      summary: "Counts of a checkpoint on a range of a split, computed here",
      description:
        "A pure function of the query, of what is published and of this server's runtime in its version: it is computed when first asked for, and may then come from this server's memory, or from a cache that asks by the tag whether it is the same. On wasm it has the digest of the logits, which is the same on every machine.",
      tags: ["checkpoints"],
      content: { "application/json": EvaluationAnswer },
      tagged: true,
      also: { 304: "The client has it; nothing was computed" },
      problems: [
        "bad-parameter",
        "unknown-id",
        "other-digest",
        "busy",
        "published-mismatch",
        "data-unavailable",
        "timed-out",
      ],
    }),
    checked("param", v.object({ id: v.string(), split: SplitName })),
    checked("query", EvaluationQuery),
    async (c): Promise<JsonAnswer<EvaluationAnswer>> => {
      const { id, split } = c.req.valid("param");
      const query = c.req.valid("query");
      const checkpoint = await publishedCheckpoint(service, id, query.sha256);
      const task = taskOf(checkpoint, runtimeOf(service, query.runtime), split, query);
      const digest = await digestOf(task);
      const headers = {
        ETag: etagOf(digest),
        "Cache-Control": cacheControl(false), // a pin names the model, not what runs it
      };
      const unchanged = notModified(c, headers);
      if (unchanged) return unchanged as JsonAnswer<EvaluationAnswer>;
      if (c.req.method === "HEAD") return jsonText(c, "", headers);
      const known = answers.get(digest);
      if (known !== undefined) return jsonText(c, known, headers);
      const computed = (signal: AbortSignal) =>
        service.limiter.run(signal, async () => {
          const answer = await compute(service, task, signal);
          answers.set(digest, answer);
          return answer;
        });
      const text = await untilDeadline(
        c,
        service,
        ({ signal }) => shared.join(digest, signal, computed),
        () => shared.signalOf(digest),
      );
      return jsonText(c, text, headers);
    },
  );
}
