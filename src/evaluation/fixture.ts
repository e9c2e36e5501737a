/** fixtures/<id>.json: an evaluation as published, to be met exactly. */
import * as v from "valibot";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { ViewSchema } from "../datasets/view.ts";
import { subtract } from "../fraction.ts";
import { PreprocessingSchema } from "../onnx/foreign-interface.ts";
import { Sha256 } from "./checkpoint.ts";
import { parseAs } from "./parse.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const SplitSchema = v.strictObject({
  total: count,
  correct: count,
  correctOnTrueLabels: v.optional(count),
  predictions: v.strictObject({ sha256: Sha256, file: v.string() }),
  shards: v.pipe(
    v.array(
      v.strictObject({ start: count, end: count, correct: count, predictionsSha256: Sha256 }),
    ),
    v.minLength(1),
  ),
  margin: v.strictObject({
    min: v.number(),
    deviation: v.number(),
    fragile: v.array(count),
    /** Not there in fixtures from before it was counted. */
    confidentMisses: v.optional(count),
  }),
  reference: v.array(v.strictObject({ start: count, end: count, logitsSha256: Sha256 })),
});

/** Of train alone, where given labels and true ones may be two. */
const TrainSchema = v.strictObject({ ...SplitSchema.entries, correctOnTrueLabels: count });

const PackageSchema = { package: v.string(), version: v.string() };

const GapSchema = v.strictObject({
  numerator: v.number(),
  denominator: count,
  decimal: v.string(),
});

const whole = {
  checkpoint: v.string(),
  sha256: Sha256,
  view: ViewSchema,
  /** Of a network that was made elsewhere and takes no bytes: what bytes become before it. */
  preprocessing: v.optional(PreprocessingSchema),
  /** One alone leaves open how far the other is from it. */
  runtime: v.strictObject({
    wasm: v.optional(v.strictObject({ ...PackageSchema, wasmSha256: Sha256 })),
    native: v.optional(v.strictObject(PackageSchema)),
  }),
};

export const FixtureSchema = v.strictObject({
  ...whole,
  splits: v.strictObject({ train: TrainSchema, test: SplitSchema }),
  gap: GapSchema,
});

/** Of one split, where nobody asked for the other. */
const PartialFixtureSchema = v.strictObject({
  ...whole,
  splits: v.strictObject({ train: v.optional(TrainSchema), test: v.optional(SplitSchema) }),
  gap: v.optional(GapSchema),
});

export type Fixture = v.InferOutput<typeof FixtureSchema>;
export type PartialFixture = v.InferOutput<typeof PartialFixtureSchema>;
export type SplitFixture = v.InferOutput<typeof SplitSchema>;
type Gap = Fixture["gap"];

/**
 * Train accuracy less test accuracy as a fraction in lowest terms.
 * 50000/50000 − 1040/10000 → 112/125 = 0.8960
 */
export function gapOf(
  train: { correct: number; total: number },
  test: { correct: number; total: number },
): Gap {
  const [numerator, denominator] = subtract(
    [train.correct, train.total],
    [test.correct, test.total],
  );
  return { numerator, denominator, decimal: (numerator / denominator).toFixed(4) };
}

/** @throws MismatchError where what is said of a split does not add up. */
function checkSplit(name: string, split: string, fields: SplitFixture): void {
  const { total, correct, shards, margin, reference } = fields;
  let end = 0;
  for (const shard of shards) {
    if (shard.start !== end || shard.end <= end)
      throw new MismatchError(`${name}: ${split}'s shards leave a hole at ${end}`);
    end = shard.end;
  }
  const sum = shards.reduce((s, shard) => s + shard.correct, 0);
  if (end !== total)
    throw new MismatchError(`${name}: ${split}'s shards end at ${end}, not at ${total}`);
  if (sum !== correct)
    throw new MismatchError(`${name}: ${split}'s shards add up to ${sum} correct, not ${correct}`);
  const other = reference.find((r) => !shards.some((s) => s.start === r.start && s.end === r.end));
  if (other)
    throw new MismatchError(
      `${name}: ${split}'s reference ${other.start} to ${other.end} is none of its shards`,
    );
  const { confidentMisses = 0 } = margin;
  if (confidentMisses > total - correct)
    throw new MismatchError(
      `${name}: ${split} has ${confidentMisses} confident misses of ${total - correct}`,
    );
  if (margin.fragile.length > 0 !== margin.min <= 2 * margin.deviation)
    throw new MismatchError(
      `${name}: ${split} has ${margin.fragile.length} fragile examples, a margin of ${margin.min} and a deviation of ${margin.deviation}`,
    );
}

/** @throws MismatchError where its integers contradict each other. */
function checkNumbers(name: string, { splits, gap, runtime }: PartialFixture): void {
  for (const [split, fields] of Object.entries(splits)) {
    checkSplit(name, split, fields);
    if (fields.reference.length > 0 !== (runtime.wasm !== undefined))
      throw new MismatchError(`${name}: ${split}'s reference is not what its runtimes could give`);
  }
  const { train, test } = splits;
  const found = train && test ? gapOf(train, test) : undefined;
  const whole = (of: Gap | undefined) => of && `${of.numerator}/${of.denominator} = ${of.decimal}`;
  const short = (of: Gap | undefined) => (of ? `${of.numerator}/${of.denominator}` : "missing");
  if (whole(found) !== whole(gap))
    throw new MismatchError(`${name}: the gap is ${short(found)}, not ${short(gap)}`);
}

/**
 * Parses a fixture and checks that its integers agree with each other.
 * @throws InputError if it is no fixture, MismatchError if its counts contradict each other.
 */
export function parseFixture(text: string, id: string): Fixture {
  const name = `fixtures/${id}.json`;
  const fixture = parseAs(FixtureSchema, text, name);
  if (fixture.checkpoint !== id) throw new InputError(`${name} is of another checkpoint`);
  checkNumbers(name, fixture);
  return fixture;
}

/** The same of a fixture that may be of one split alone. */
export function parsePartialFixture(text: string, name: string): PartialFixture {
  const fixture = parseAs(PartialFixtureSchema, text, name, "evaluate --fixture makes one");
  if (Object.keys(fixture.splits).length === 0) throw new InputError(`${name} counts no split`);
  checkNumbers(name, fixture);
  return fixture;
}
