/** Jobs as data, each named by the digest of its inputs: the same work asked twice is one job. */
import { SPLITS } from "../datasets/cifar10.ts";
import type { JobsOptions } from "bullmq";
import * as v from "valibot";
import { ViewSchema } from "../datasets/view.ts";
import { Sha256 } from "../evaluation/checkpoint.ts";
import { PreprocessingSchema } from "../onnx/foreign-interface.ts";
import { canonicalDigest, RecipeSchema } from "../recipe.ts";
import { Unequipped } from "./unequipped.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const RangeSchema = v.strictObject({ start: count, end: count });

/** Count a model's predictions on shards of a split, on one runtime. */
export const EvaluationJobSchema = v.strictObject({
  kind: v.literal("evaluate"),
  checkpoint: v.string(),
  /** Of model.onnx. */
  sha256: Sha256,
  view: ViewSchema,
  split: v.picklist(SPLITS),
  shards: v.pipe(v.array(RangeSchema), v.minLength(1)),
  /** Of a network that was made elsewhere: what bytes become before it. */
  given: v.optional(PreprocessingSchema),
  runtime: v.strictObject({
    name: v.picklist(["native", "wasm"]),
    package: v.string(),
    version: v.string(),
  }),
});
export type EvaluationJob = v.InferOutput<typeof EvaluationJobSchema>;

/** Make a checkpoint by its recipe. */
export const TrainingJobSchema = v.strictObject({
  kind: v.literal("train"),
  checkpoint: v.string(),
  recipe: RecipeSchema,
  /** Of training/backend-name.ts. */
  backend: v.string(),
  /** Whether to count, after each epoch, what the net hits; left out, it is counted. */
  hits: v.optional(v.literal(false)),
  /** It is made to be compared with what is published: what was made to be published is no answer. */
  again: v.optional(v.literal(true)),
  /** A text of its own for each time that it is begun anew; no part of its name. */
  anew: v.optional(v.string()),
});
export type TrainingJob = v.InferOutput<typeof TrainingJobSchema>;

/**
 * A job as a queue holds it.
 * @throws Unequipped if it is none, as of another version of this program
 */
function read<Schema extends v.GenericSchema>(schema: Schema, data: unknown) {
  const parsed = v.safeParse(schema, data);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new Unequipped(`no job of this version: ${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
}
export const readEvaluation = (data: unknown): EvaluationJob => read(EvaluationJobSchema, data);
export const readTraining = (data: unknown): TrainingJob => read(TrainingJobSchema, data);

/** What a worker may be told to take. */
export const KINDS = ["evaluate", "train"] as const;
export type Kind = (typeof KINDS)[number];

/** How often a job may fail before it is given up, and named. */
export const TRIES = 3;
/**
 * How many workers may be killed or hang in a job before it is held to be its fault. A job that
 * was taken over comes next, so that one may see many ends that others brought about.
 */
export const DEATHS = 25;
/** Seconds. */
export const DAY = 24 * 60 * 60;

/** SHA-256 of a job in canonical form: its name in the queue. */
export async function nameOf(job: EvaluationJob | TrainingJob): Promise<string> {
  if (job.kind === "evaluate") return await canonicalDigest(job);
  const { anew, ...named } = job;
  return await canonicalDigest(named);
}

/**
 * The queue that a job waits in. Each version of a runtime has one of its own, so that
 * no worker with another ever takes it.
 */
export function queueOf(job: Pick<EvaluationJob, "kind" | "runtime"> | TrainingJob): string {
  if (job.kind === "train") return "train";
  return `evaluate.${job.runtime.package}.${job.runtime.version}`;
}

/** Answers stay a day, so that a run which was interrupted goes on. */
export const JOB_OPTIONS: JobsOptions = {
  attempts: TRIES,
  backoff: { type: "exponential", delay: 500 },
  removeOnComplete: { age: DAY },
  removeOnFail: { age: DAY },
  stackTraceLimit: 1,
};
