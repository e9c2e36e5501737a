/**
 * A run of `verify` as a record: what `--json` prints and every report is made of. Its form is
 * fixtures/schemas/verification.json, which `npm run schemas` makes of this.
 */
import * as v from "valibot";
import type { TolerantReport } from "./report.ts";
import {
  ComparedSchema,
  count,
  described,
  outcome,
  RuntimeSchema,
  SamplingSchema,
  StatusSchema,
  VerdictSchema,
} from "./report-schema.ts";

/** Of the record's form; it grows when a reader of the last one would misread this one. */
export const RECORD_VERSION = 1;

const UncomparedSchema = v.strictObject({
  checkpoint: v.string(),
  runtime: v.string(),
  result: v.picklist(["mismatch", "not-certified"]),
  reason: described(v.string(), "which published file is bad, and how"),
});

/** What must be equal in all parts of a run, beside runtime and sampling. */
const AskedSchema = v.strictObject({
  checkpoints: described(v.array(v.string()), "what was to be recomputed, in this order"),
  published: described(v.array(v.string()), "everything that is published"),
  all: described(v.boolean(), "whether that was asked for: no claim or checkpoint was chosen"),
  guarded: described(v.boolean(), "whether each claim must be reproduced"),
});

const PartSchema = v.strictObject({
  part: described(v.pipe(v.number(), v.integer(), v.minValue(1)), "from 1"),
  of: v.pipe(v.number(), v.integer(), v.minValue(1)),
  counts: described(v.array(v.string()), "checkpoints whose published predictions it counted"),
});

const ExpectedSchema = v.strictObject({
  statuses: described(v.record(v.string(), StatusSchema), "of claims, as expected"),
  differences: described(v.array(v.string()), "all that is otherwise"),
});

export const RunRecordSchema = v.pipe(
  v.strictObject({
    version: described(v.literal(RECORD_VERSION), "of this form"),
    rethink: described(v.string(), "the version of Rethink that ran"),
    exitCode: described(
      v.picklist([0, 1, 2, 3]),
      "0 all that ran matched; 1 something differs from what is published or expected, or a claim of --claim is not reproduced; 2 wrong use, or something is missing here; 3 nothing was evaluated, or too little to decide a claim of --claim",
    ),
    error: v.optional(described(v.string(), "what kept it from starting, or ended it sooner")),
    started: described(v.pipe(v.string(), v.isoTimestamp()), "UTC"),
    seconds: v.number(),
    runtime: v.optional(RuntimeSchema),
    workers: v.optional(
      described(
        v.array(
          v.strictObject({
            worker: v.string(),
            software: v.string(),
            platform: v.string(),
            processor: v.string(),
            shards: v.record(v.string(), count),
          }),
        ),
        "of a queue: who answered, on what, and how many shards of each checkpoint",
      ),
    ),
    server: v.optional(described(v.string(), "who says that it ran the models")),
    sampling: v.optional(SamplingSchema),
    asked: v.optional(AskedSchema),
    part: v.optional(described(PartSchema, "of a run of several: claims are decided by the whole")),
    expected: v.optional(ExpectedSchema),
    counted: outcome.counted,
    checkpoints: v.array(v.union([ComparedSchema, UncomparedSchema])),
    claims: described(
      v.array(v.strictObject({ id: v.string(), group: v.string(), statement: v.string() })),
      "what the verdicts are of, in their order",
    ),
    verdicts: v.array(VerdictSchema),
    matched: outcome.matched,
    passed: outcome.passed,
  }),
  v.title("A run of rethink verify"),
);

type Parsed = v.InferOutput<typeof RunRecordSchema>;

/** The schema's type, with the verdicts and reports as the code that makes them has them. */
export interface RunRecord
  extends Omit<Parsed, "checkpoints" | "verdicts">,
    Pick<TolerantReport, "checkpoints" | "verdicts"> {}
