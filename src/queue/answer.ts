/** A worker's answer: small, and checked against the question before anything is counted. */
import * as v from "valibot";
import { fromBase64, toBase64 } from "../base64.ts";
import { sha256Hex } from "../datasets/digest.ts";
import type { ShardResult } from "../evaluation/compare.ts";
import { oneLine } from "../print.ts";
import type { EvaluationJob } from "./jobs.ts";
import { LONGEST } from "./longest.ts";

/** What a worker says of itself is shown to people. */
const name = v.pipe(
  v.string(),
  v.maxLength(LONGEST),
  v.transform((text) => oneLine(text)),
);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Who answers, and on what. */
export const MachineSchema = v.object({
  /** The worker's name: of its host and process, or given with --name. */
  worker: name,
  /** Node or Deno, with its version. */
  software: name,
  /** Operating system and architecture. */
  platform: name,
  processor: name,
});
export type Machine = v.InferOutput<typeof MachineSchema>;

const ShardSchema = v.object({
  start: count,
  end: count,
  correct: count,
  /** Base64 of uint8, one an example. */
  predictions: v.string(),
  predictionsSha256: v.string(),
  logitsSha256: v.optional(v.string()),
  margin: v.optional(v.number()),
});

export const AnswerSchema = v.object({
  ranOn: MachineSchema,
  runtime: v.object({ package: v.string(), version: v.string() }),
  seconds: v.number(),
  shards: v.array(ShardSchema),
});
export type Answer = v.InferOutput<typeof AnswerSchema>;

/** A shard as it is sent. */
export async function packed({
  predictions,
  ...result
}: ShardResult): Promise<Answer["shards"][number]> {
  const predictionsSha256 = await sha256Hex(predictions);
  return { ...result, predictions: toBase64(predictions), predictionsSha256 };
}

/** An answer as read; `wrong` says how it contradicts itself or the question. */
export type Checked =
  | { ranOn: Machine; shards: ShardResult[]; wrong?: undefined }
  | { ranOn?: Machine; wrong: string };

async function unpacked(
  { start, end, correct, predictions, predictionsSha256, ...rest }: Answer["shards"][number],
  { runtime }: EvaluationJob,
): Promise<ShardResult | string> {
  const bytes = fromBase64(predictions);
  const shard = `${start} to ${end}`;
  if (bytes.length !== end - start) return `it has ${bytes.length} predictions for ${shard}`;
  if (bytes.some((p) => p > 9)) return `it predicts a class that is none for ${shard}`;
  if ((await sha256Hex(bytes)) !== predictionsSha256)
    return `the digest of its predictions for ${shard} is another`;
  const { logitsSha256, margin } = rest;
  if (runtime.name === "wasm" && logitsSha256 === undefined)
    return `it has no digest of the logits for ${shard}`;
  return {
    start,
    end,
    correct,
    predictions: bytes,
    ...(logitsSha256 !== undefined && { logitsSha256 }),
    ...(margin !== undefined && { margin }),
  };
}

/** Holds what a worker answered against what it was asked. */
export async function checkAnswer(job: EvaluationJob, data: unknown): Promise<Checked> {
  const parsed = v.safeParse(AnswerSchema, data);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    return { wrong: `its answer: ${v.getDotPath(issue) ?? "it"}: ${issue.message}` };
  }
  const { ranOn, runtime, shards: sent } = parsed.output;
  if (runtime.package !== job.runtime.package || runtime.version !== job.runtime.version)
    return { ranOn, wrong: `it ran ${runtime.package} ${runtime.version}` };
  const shards: ShardResult[] = [];
  for (const [k, { start, end }] of job.shards.entries()) {
    const shard = sent[k];
    if (!shard || shard.start !== start || shard.end !== end)
      return { ranOn, wrong: `it does not answer ${start} to ${end}` };
    const read = await unpacked(shard, job).catch((error: Error) => error.message);
    if (typeof read === "string") return { ranOn, wrong: read };
    shards.push(read);
  }
  if (sent.length > shards.length) return { ranOn, wrong: "it answers more than was asked" };
  return { ranOn, shards };
}
