/** A verification's report, as valibot schemas that also make the OpenAPI document. */
import * as v from "valibot";
import { Sha256 } from "../../evaluation/checkpoint.ts";
import { FixtureSchema } from "../../evaluation/fixture.ts";
import {
  count,
  FractionSchema,
  named,
  PairedSchema,
  RuleSchema,
  RuntimeSchema,
} from "./schemas.ts";

const GapSchema = FixtureSchema.entries.gap;

const ResultSchema = v.picklist(["match", "mismatch", "not-certified"]);

const ComparisonSchema = v.object({
  start: count,
  end: count,
  published: count,
  recomputed: count,
  result: ResultSchema,
  reason: v.string(),
});

const PublishedCount = v.object({ correct: count, total: count, shards: count });

const ValueSchema = v.strictObject({
  checkpoint: v.string(),
  quantity: v.string(),
  ours: v.string(),
  fraction: v.optional(FractionSchema),
  paper: v.optional(v.number()),
  reproduction: v.optional(v.number()),
  /** Percentage points from the paper's number to ours, where they are more than two. */
  points: v.optional(v.number()),
  paired: v.optional(PairedSchema),
});

const ReportSchema = v.strictObject({
  runtime: RuntimeSchema,
  sampling: v.object({ shards: v.union([v.literal("all"), count]), seed: count }),
  /** Whether every published prediction was counted against the labels, whatever was drawn. */
  counted: v.boolean(),
  checkpoints: v.array(
    v.strictObject({
      checkpoint: v.string(),
      runtime: v.string(),
      result: ResultSchema,
      sha256: v.strictObject({ model: Sha256, history: Sha256, fixture: Sha256 }),
      dataset: v.string(),
      splits: v.object({ train: v.array(ComparisonSchema), test: v.array(ComparisonSchema) }),
      published: v.object({ train: PublishedCount, test: PublishedCount }),
      gap: GapSchema,
    }),
  ),
  verdicts: v.array(
    v.strictObject({
      claim: v.string(),
      status: v.picklist(["reproduced", "not-reproduced", "not-evaluated"]),
      reason: v.string(),
      findings: v.array(
        v.strictObject({
          rule: RuleSchema,
          holds: v.boolean(),
          ours: v.string(),
          wanted: v.string(),
          values: v.array(ValueSchema),
        }),
      ),
      missing: v.array(v.string()),
      /** How many seeds it was decided for, and what lies between them. */
      seeds: v.optional(
        v.strictObject({
          holding: count,
          of: count,
          spread: v.array(
            v.strictObject({ quantity: v.string(), least: v.string(), most: v.string() }),
          ),
        }),
      ),
    }),
  ),
  matched: v.boolean(),
  passed: v.boolean(),
});

export const VerificationAnswer = named(
  "Verification",
  v.object({
    report: ReportSchema,
    /** What can run models at this server. */
    runtimes: v.array(RuntimeSchema),
    /** SHA-256 of `report` in RFC 8785 canonical form. */
    digest: Sha256,
    /** Left out where the request has a seed: that answer is the same whenever it is computed. */
    times: v.optional(v.object({ started: v.string(), seconds: v.number() })),
  }),
);
