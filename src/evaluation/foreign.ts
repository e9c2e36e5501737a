/** What a network that is not published gave, in one file: another machine must find the same. */
import * as v from "valibot";
import { fromBase64, toBase64 } from "../base64.ts";
import type { Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError, MismatchError, type Storage } from "../datasets/storage.ts";
import { readLabels, ViewSchema, viewSize } from "../datasets/view.ts";
import { asPublished, PreprocessingSchema } from "../onnx/foreign.ts";
import { Sha256 } from "./checkpoint.ts";
import { type Comparison, compareShard, resultOf } from "./compare.ts";
import { CLASSES, evaluate, hits } from "./evaluate.ts";
import {
  checkSplit,
  type Fixture,
  gapOf,
  PackageSchema,
  SplitSchema,
  TrainSchema,
} from "./fixture.ts";
import { parseAs } from "./parse.ts";
import { evaluateSplit } from "./publish.ts";
import type { Runtime, Session } from "./runtimes/runtime.ts";
import { type Sampling, sampleShards } from "./verify.ts";

const SPLITS = ["train", "test"] as const;

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

/** Numbers that are none would make predictions of nothing. */
function finite(session: Session): Session {
  return {
    ...session,
    async run(images) {
      const logits = await session.run(images);
      const expected = (images.length / 3072) * CLASSES;
      if (logits?.length !== expected)
        throw new InputError(`the model gives ${logits?.length} numbers, not ${expected}`);
      const at = logits.findIndex((x) => !Number.isFinite(x));
      if (at >= 0) throw new InputError(`the model gives ${logits[at]} for class ${at % CLASSES}`);
      return logits;
    },
  };
}

/**
 * Loads a network of one's own.
 * @throws InputError that says what is wrong with it, in a line.
 */
export async function loadForeign(
  runtime: Runtime,
  model: Uint8Array,
  how: Foreign["preprocessing"],
): Promise<Session> {
  const session = finite(await runtime.load(asPublished(model, how)));
  try {
    await session.run(new Uint8Array(2 * 3072)); // two, and not what it was exported with
  } catch (error) {
    await session.close();
    if (error instanceof InputError) throw error;
    const [reason] = String(error instanceof Error ? error.message : error).split("\n");
    throw new InputError(`the model does not run on two images at a time: ${reason}`);
  }
  return session;
}

export interface Request {
  dataset: Storage;
  model: Uint8Array<ArrayBuffer>;
  preprocessing: Foreign["preprocessing"];
  view: Foreign["view"];
  splits: Split[];
  native: Runtime;
  wasm: Runtime & { wasmSha256: string };
  /** Examples of a split whose logits wasm gives as well. */
  reference: number;
  onShard?: () => void;
}

/** Evaluates a network of one's own on both runtimes. */
export async function evaluateForeign(request: Request): Promise<Foreign> {
  const { dataset, model, preprocessing, view, native, wasm } = request;
  const fast = await loadForeign(native, model, preprocessing);
  const sure = await loadForeign(wasm, model, preprocessing);
  const about = { id: "model", view, covers: (size: number) => Math.min(size, request.reference) };
  const found: Foreign = {
    format: "rethink-evaluation/1",
    sha256: await sha256Hex(model),
    preprocessing,
    view,
    splits: {},
    predictions: {},
    runtime: {
      wasm: { package: wasm.package, version: wasm.version, wasmSha256: wasm.wasmSha256 },
      native: { package: native.package, version: native.version },
    },
  };
  try {
    for (const split of request.splits) {
      const { fixture, correctOnTrueLabels, predictions } = await evaluateSplit(
        dataset,
        about,
        split,
        fast,
        sure,
        request.onShard ?? (() => {}),
      );
      found.predictions[split] = toBase64(predictions);
      if (split === "train") found.splits.train = { ...fixture, correctOnTrueLabels };
      else found.splits.test = fixture;
    }
  } finally {
    await fast.close();
    await sure.close();
  }
  const { train, test } = found.splits;
  return train && test ? { ...found, gap: gapOf(train, test) } : found;
}

/** A split's predictions, held to their digest. */
async function predictionsOf(found: Foreign, split: Split, name: string) {
  const fields = found.splits[split];
  if (!fields) return new Uint8Array(0);
  const bytes = fromBase64(found.predictions[split] ?? "");
  if (bytes.length !== fields.total || (await sha256Hex(bytes)) !== fields.predictions.sha256)
    throw new MismatchError(`${name}: ${split}'s predictions are not those of their digest`);
  return bytes;
}

/** Every prediction against its label, be it recomputed or not. */
async function checkLabels(
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

/** A network of one's own, recomputed on sampled shards, beside what the file says of it. */
export async function verifyForeign(
  dataset: Storage,
  model: Uint8Array<ArrayBuffer>,
  found: Foreign,
  runtime: Runtime,
  sampling: Sampling,
  name: string,
): Promise<Partial<Record<Split, Comparison[]>>> {
  const sha256 = await sha256Hex(model);
  if (sha256 !== found.sha256)
    throw new MismatchError(`the model has SHA-256 ${sha256}, and ${name} is of ${found.sha256}`);
  const predictions = {
    train: await predictionsOf(found, "train", name),
    test: await predictionsOf(found, "test", name),
  };
  // The comparison is that of published checkpoints; of a split that is not there it asks nothing.
  const published = { fixture: found as unknown as Fixture, predictions };
  const session = await loadForeign(runtime, model, found.preprocessing);
  const results: Partial<Record<Split, Comparison[]>> = {};
  try {
    for (const split of SPLITS) {
      const fields = found.splits[split];
      if (!fields) continue;
      await checkLabels(dataset, found, split, name, predictions[split]);
      const shards = sampleShards(fields, split, sampling, runtime.name);
      const compared: Comparison[] = [];
      for await (const shard of evaluate(dataset, found.view, session, split, shards)) {
        compared.push(
          await compareShard(published, split, runtime, await resultOf(runtime, shard)),
        );
      }
      results[split] = compared;
    }
  } finally {
    await session.close();
  }
  return results;
}
