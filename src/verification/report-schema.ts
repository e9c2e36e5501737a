/** A verification's report as valibot schemas: of the server's answer, and of the record that a run prints. */
import * as v from "valibot";
import { Sha256 } from "../evaluation/checkpoint.ts";
import { FixtureSchema } from "../evaluation/fixture.ts";

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const described = <S extends v.GenericSchema>(schema: S, text: string) =>
  v.pipe(schema, v.description(text));

export const RuntimeSchema = v.strictObject({
  name: v.picklist(["native", "wasm"]),
  package: v.string(),
  version: v.string(),
});

export const SamplingSchema = v.strictObject({
  shards: v.union([v.literal("all"), count]),
  seed: count,
});

const ResultSchema = v.picklist(["match", "mismatch", "not-certified"]);

const ShardSchema = v.strictObject({
  start: count,
  end: count,
  published: count,
  recomputed: count,
  result: ResultSchema,
  reason: v.string(),
});

const CountSchema = v.strictObject({ correct: count, total: count, shards: count });

export const ComparedSchema = v.strictObject({
  checkpoint: v.string(),
  runtime: v.string(),
  result: ResultSchema,
  splits: described(
    v.strictObject({ train: v.array(ShardSchema), test: v.array(ShardSchema) }),
    "the shards that were recomputed",
  ),
  sha256: described(
    v.strictObject({ model: Sha256, history: Sha256, fixture: Sha256 }),
    "of the files that the numbers are of",
  ),
  dataset: v.string(),
  published: v.strictObject({ train: CountSchema, test: CountSchema }),
  gap: FixtureSchema.entries.gap,
});

/** Numerator and denominator; a tuple's `items` would be a list, which JSON Schema 2020-12 has no more. */
const FractionSchema = v.pipe(v.array(v.number()), v.length(2));

/** Of a gain: the test examples that one of the two nets meets alone, and McNemar's exact p. */
export const PairedSchema = v.strictObject({ onlyFirst: count, onlySecond: count, p: v.number() });

/** What holds if is in fixtures/README.md, by `kind`; a kind has the bounds that it needs. */
export const RuleSchema = v.pipe(
  v.strictObject({
    kind: v.string(),
    checkpoints: v.array(v.string()),
    equals: v.optional(count),
    atLeast: v.optional(FractionSchema),
    atMost: v.optional(v.union([FractionSchema, v.number()])),
    reached: v.optional(FractionSchema),
    fraction: v.optional(FractionSchema),
    threshold: v.optional(v.number()),
    relations: v.optional(v.array(v.picklist(["<", "≤"]))),
    /** The paper's numbers, and an independent reproduction's: percent, unless the rule has another unit. */
    paper: v.optional(v.array(v.nullable(v.number()))),
    reproduction: v.optional(v.array(v.nullable(v.number()))),
    /** As published: what was measured of each checkpoint, and whether the rule holds. */
    ours: v.optional(v.array(v.string())),
    holds: v.optional(v.boolean()),
    paired: v.optional(PairedSchema),
  }),
  v.metadata({ ref: "Rule" }),
);

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

const FindingSchema = v.strictObject({
  rule: RuleSchema,
  holds: v.boolean(),
  ours: v.string(),
  wanted: v.string(),
  values: v.array(ValueSchema),
});

export const StatusSchema = v.picklist(["reproduced", "not-reproduced", "not-evaluated"]);

export const SeedsSchema = described(
  v.strictObject({
    holding: count,
    of: count,
    rules: count,
    spread: v.array(v.strictObject({ quantity: v.string(), least: v.string(), most: v.string() })),
  }),
  "for how many seeds it was decided and holds, of how many of its rules, and what lies between them",
);

export const VerdictSchema = v.strictObject({
  claim: v.string(),
  status: StatusSchema,
  reason: v.string(),
  findings: v.array(FindingSchema),
  missing: v.array(v.string()),
  seeds: v.optional(SeedsSchema),
});

/** What a report and a record of a run both say of the whole. */
export const outcome = {
  counted: described(
    v.boolean(),
    "whether all published predictions were counted; of a part, those that are its own to count",
  ),
  matched: described(v.boolean(), "something ran, and all of it matched"),
  passed: described(v.boolean(), "it matched, a claim is reproduced, and none failed"),
};

export const ReportSchema = v.strictObject({
  runtime: RuntimeSchema,
  sampling: SamplingSchema,
  checkpoints: v.array(ComparedSchema),
  verdicts: v.array(VerdictSchema),
  ...outcome,
});
