/** What the routes answer with, as valibot schemas that also make the OpenAPI document. */
import * as v from "valibot";
import { ViewSchema } from "../../datasets/view.ts";
import { CheckpointSchema, Sha256 } from "../../evaluation/checkpoint.ts";
import { FixtureSchema } from "../../evaluation/fixture.ts";
import {
  count,
  ReportSchema,
  RuleSchema,
  RuntimeSchema,
  SeedsSchema,
} from "../../verification/report-schema.ts";
import { SplitName, STATUSES } from "./parameters.ts";

/** Names a schema in the OpenAPI document. */
function named<const S extends v.GenericSchema>(ref: string, schema: S) {
  return v.pipe(schema, v.metadata({ ref }));
}

export const ProblemSchema = named(
  "Problem",
  v.object({
    type: v.string(),
    title: v.string(),
    status: v.number(),
    detail: v.string(),
    requestId: v.optional(v.string()),
    error: v.optional(v.string()),
  }),
);

const ClaimSchema = named(
  "Claim",
  v.strictObject({
    id: v.string(),
    group: v.string(),
    where: v.string(),
    statement: v.string(),
    /** As published; a verification recomputes it. */
    status: v.picklist(STATUSES),
    /** Why it is not reproduced or not evaluated. */
    reason: v.optional(v.string()),
    /** Why it was not registered before the first network that it is about. */
    late: v.optional(v.string()),
    seeds: v.optional(SeedsSchema),
    /** Its own, then the same for further seeds. */
    rules: v.array(RuleSchema),
    /** Of what cannot be evaluated here: why, and what the paper reports. */
    beyondReach: v.optional(v.strictObject({ reason: v.string(), paper: v.string() })),
    checkpoints: v.array(v.object({ id: v.string(), published: v.boolean() })),
    links: v.object({ verification: v.string(), archive: v.string() }),
  }),
);

export const ClaimsAnswer = v.object({ claims: v.array(ClaimSchema) });
export const ClaimAnswer = ClaimSchema;

const CheckpointSummary = named(
  "CheckpointSummary",
  v.object({
    id: v.string(),
    net: v.string(),
    view: ViewSchema,
    parameters: count,
    sha256: Sha256,
    bytes: count,
  }),
);

export const CheckpointsAnswer = v.object({ checkpoints: v.array(CheckpointSummary) });
export const CheckpointAnswer = named(
  "Checkpoint",
  v.object({
    checkpoint: CheckpointSchema,
    /** What a runtime must compute in to meet the published predictions. */
    precision: v.picklist(["float32", "float64"]),
    fixture: FixtureSchema,
    links: v.object({
      model: v.string(),
      archive: v.string(),
      predictions: v.record(SplitName, v.string()),
      labels: v.record(SplitName, v.string()),
      evaluations: v.record(SplitName, v.string()),
    }),
  }),
);

export const EvaluationAnswer = named(
  "Evaluation",
  v.object({
    checkpoint: v.string(),
    sha256: Sha256,
    view: ViewSchema,
    split: SplitName,
    start: count,
    end: count,
    runtime: RuntimeSchema,
    total: count,
    /** Against the labels that the net was trained on. */
    correct: count,
    correctOnTrueLabels: count,
    /** Of one uint8 an example, in order. */
    predictionsSha256: Sha256,
    /** Of float32 [end − start, 10], little-endian, row by row; of wasm alone, equal on every machine. */
    logitsSha256: v.optional(Sha256),
    predictions: v.optional(v.array(count)),
    misclassified: v.optional(v.array(count)),
  }),
);
export type EvaluationAnswer = v.InferOutput<typeof EvaluationAnswer>;

/** A dataset's files in blocks; each block's digest is its address. */
export const BlocksAnswer = v.object({
  id: v.string(),
  files: v.array(
    v.object({
      name: v.string(),
      sha256: Sha256,
      headerBytes: count,
      recordBytes: count,
      records: count,
      blocks: v.array(Sha256),
    }),
  ),
});

export const DatasetsAnswer = v.object({
  datasets: v.array(
    v.object({
      id: v.string(),
      splits: v.record(v.string(), count),
      classes: count,
      files: v.array(v.object({ name: v.string(), sha256: Sha256, bytes: count })),
    }),
  ),
});

export const VerificationAnswer = named(
  "Verification",
  v.object({
    report: ReportSchema,
    /** Published checkpoints of further seeds, which `full` takes as well. */
    leftOut: v.array(v.string()),
    /** What can run models at this server. */
    runtimes: v.array(RuntimeSchema),
    /** SHA-256 of `report` in RFC 8785 canonical form. */
    digest: Sha256,
    /** Left out where the request has a seed: that answer is the same whenever it is computed. */
    times: v.optional(v.object({ started: v.string(), seconds: v.number() })),
  }),
);
