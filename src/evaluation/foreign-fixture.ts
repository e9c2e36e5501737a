/** What a network that is not published gave, in one file: another machine must find the same. */
import * as v from "valibot";
import { fromBase64 } from "../base64.ts";
import type { Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError, MismatchError, type Storage } from "../datasets/storage.ts";
import { readLabels, ViewSchema, viewSize } from "../datasets/view.ts";
import { PreprocessingSchema } from "../onnx/foreign-interface.ts";
import { Sha256 } from "./checkpoint.ts";
import { hits } from "./evaluate.ts";
import { checkSplit, gapOf, PackageSchema, SplitSchema, TrainSchema } from "./fixture.ts";
import { parseAs } from "./parse.ts";

export const SPLITS = ["train", "test"] as const;

const ForeignSchema = v.strictObject({
  format: v.literal("rethink-evaluation/1"),
  /** Of the file as it was given. */
  sha256: Sha256,
  preprocessing: PreprocessingSchema,
  view: ViewSchema,
  splits: v.strictObject({ train: v.optional(TrainSchema), test: v.optional(SplitSchema) }),
  /** A byte an example, base64. */
  predictions: v.strictObject({ train: v.optional(v.string()), test: v.optional(v.string()) }),
  gap: v.optional(
    v.strictObject({ numerator: v.number(), denominator: v.number(), decimal: v.string() }),
  ),
  runtime: v.strictObject({
    wasm: v.strictObject({ ...PackageSchema, wasmSha256: Sha256 }),
    native: v.strictObject(PackageSchema),
  }),
});
export type Foreign = v.InferOutput<typeof ForeignSchema>;

/**
 * Parses what `evaluateForeign` gave and checks that it does not contradict itself.
 * @throws InputError if it is no such file, MismatchError if its counts do not add up.
 */
export function parseForeign(text: string, name: string): Foreign {
  const found = parseAs(ForeignSchema, text, name);
  const there = SPLITS.filter((split) => found.splits[split]);
  if (there.length === 0) throw new InputError(`${name} counts no split`);
  for (const split of there) {
    const fields = found.splits[split];
    if (!fields) continue;
    checkSplit(name, split, fields);
    const size = viewSize(found.view, split);
    if (fields.total !== size)
      throw new MismatchError(`${name} counts ${fields.total} of ${split}'s ${size}`);
  }
  const { train, test } = found.splits;
  const gap = train && test ? gapOf(train, test) : undefined;
  if (gap?.numerator !== found.gap?.numerator || gap?.denominator !== found.gap?.denominator)
    throw new MismatchError(`${name}: the gap is not that of its counts`);
  return found;
}

/** A split's predictions, held to their digest. */
export async function predictionsOf(found: Foreign, split: Split, name: string) {
  const fields = found.splits[split];
  if (!fields) return new Uint8Array(0);
  const bytes = fromBase64(found.predictions[split] ?? "");
  if (bytes.length !== fields.total || (await sha256Hex(bytes)) !== fields.predictions.sha256)
    throw new MismatchError(`${name}: ${split}'s predictions are not those of their digest`);
  return bytes;
}

/** Every prediction against its label, be it recomputed or not. */
export async function checkLabels(
  dataset: Storage,
  found: Foreign,
  split: Split,
  name: string,
  predictions: Uint8Array,
) {
  for (const { start, end, correct } of found.splits[split]?.shards ?? []) {
    const { given } = await readLabels(dataset, found.view, split, start, end);
    const count = hits(predictions.slice(start, end), given);
    if (count !== correct)
      throw new MismatchError(
        `${name}: of ${split} ${start} to ${end}, ${count} are correct, not ${correct}`,
      );
  }
}
