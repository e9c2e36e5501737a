/** fixtures/<id>.json: an evaluation as published, to be met exactly. */
import * as v from "valibot";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { ViewSchema } from "../datasets/view.ts";
import { subtract } from "../fraction.ts";
import { Sha256 } from "./checkpoint.ts";
import { parseAs } from "./parse.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const SplitSchema = v.strictObject({
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
  margin: v.strictObject({ min: v.number(), deviation: v.number(), fragile: v.array(count) }),
  reference: v.pipe(
    v.array(v.strictObject({ start: count, end: count, logitsSha256: Sha256 })),
    v.minLength(1),
  ),
});

/** Of train alone, where given labels and true ones may be two. */
export const TrainSchema = v.strictObject({ ...SplitSchema.entries, correctOnTrueLabels: count });

export const PackageSchema = { package: v.string(), version: v.string() };

export const FixtureSchema = v.strictObject({
  checkpoint: v.string(),
  sha256: Sha256,
  view: ViewSchema,
  splits: v.strictObject({ train: TrainSchema, test: SplitSchema }),
  gap: v.strictObject({ numerator: v.number(), denominator: count, decimal: v.string() }),
  runtime: v.strictObject({
    wasm: v.strictObject({ ...PackageSchema, wasmSha256: Sha256 }),
    native: v.strictObject(PackageSchema),
  }),
});

export type Fixture = v.InferOutput<typeof FixtureSchema>;
export type SplitFixture = v.InferOutput<typeof SplitSchema>;
export type Gap = Fixture["gap"];

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
export function checkSplit(name: string, split: string, fields: SplitFixture): void {
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
  if (margin.fragile.length > 0 !== margin.min <= 2 * margin.deviation)
    throw new MismatchError(
      `${name}: ${split} has ${margin.fragile.length} fragile examples, a margin of ${margin.min} and a deviation of ${margin.deviation}`,
    );
}

/**
 * Parses a fixture and checks that its integers agree with each other.
 * @throws InputError if it is no fixture, MismatchError if its counts contradict each other.
 */
export function parseFixture(text: string, id: string): Fixture {
  const name = `fixtures/${id}.json`;
  const fixture = parseAs(FixtureSchema, text, name);
  if (fixture.checkpoint !== id) throw new InputError(`${name} is of another checkpoint`);
  for (const [split, fields] of Object.entries(fixture.splits)) {
    checkSplit(name, split, fields);
  }
  const gap = gapOf(fixture.splits.train, fixture.splits.test);
  if (
    JSON.stringify(Object.entries(gap).sort()) !==
    JSON.stringify(Object.entries(fixture.gap).sort())
  ) {
    throw new MismatchError(
      `${name}: the gap is ${gap.numerator}/${gap.denominator}, not ${fixture.gap.numerator}/${fixture.gap.denominator}`,
    );
  }
  return fixture;
}
