/** Evaluations: pure functions of checkpoint, dataset, view, split, range and runtime, so a cache may keep them and ask by the tag. */
import { Hono } from "hono";
import * as v from "valibot";
import { viewSize } from "../../datasets/view.ts";
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import type { Runtime } from "../../evaluation/runtimes/runtime.ts";
import { cacheControl, etagOf, notModified } from "../answers/conditional.ts";
import { untilDeadline } from "../making/deadline.ts";
import { describe } from "../answers/describe.ts";
import { type JsonAnswer, jsonText } from "../answers/json.ts";
import { computeEvaluation, evaluationDigest, type EvaluationTask } from "../making/evaluation.ts";
import { publishedCheckpoint, runtimeOf } from "../making/lookup.ts";
import { checked, EvaluationQuery, SplitName } from "../answers/parameters.ts";
import { Problem } from "../answers/problem.ts";
import { EvaluationAnswer } from "../answers/schemas.ts";
import type { Service } from "../service.ts";

/** @throws Problem if the range is empty or not within the split. */
function taskOf(
  checkpoint: Checkpoint,
  runtime: Runtime,
  split: SplitName,
  query: EvaluationQuery,
): EvaluationTask {
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

export function evaluations(service: Service) {
  const { answers } = service;
  return new Hono().get(
    "/:id/evaluations/:split",
    describe({
      summary: "Counts of a checkpoint on a range of a split, computed here",
      description:
        "A pure function of the query, of what is published and of the versions of this server and its runtime: it is computed when first asked for, and may then come from this server's memory, or from a cache that asks by the tag whether it is the same. On wasm it has the digest of the logits, which is the same on every machine.",
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
      const digest = await evaluationDigest(task);
      const headers = {
        ETag: etagOf(digest),
        "Cache-Control": cacheControl(false), // a pin names the model, not what runs it
      };
      const unchanged = notModified(c, headers);
      if (unchanged) return unchanged as JsonAnswer<EvaluationAnswer>;
      if (c.req.method === "HEAD") return jsonText(c, "", headers);
      const known = answers.known(digest);
      if (known !== undefined) return jsonText(c, known, headers);
      const compute = (signal: AbortSignal) =>
        service.limiter.run(signal, () => computeEvaluation(service, task, signal));
      const text = await untilDeadline(
        c,
        service,
        ({ signal }) => answers.get(digest, signal, compute),
        () => answers.signalOf(digest),
      );
      return jsonText(c, text, headers);
    },
  );
}
