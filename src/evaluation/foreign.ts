/** A network that is not published, evaluated into one file, and recomputed beside that file. */
import { toBase64 } from "../base64.ts";
import type { Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError, MismatchError, type Storage } from "../datasets/storage.ts";
import { asPublished } from "../onnx/foreign.ts";
import { type Comparison, compareShard, resultOf } from "./compare.ts";
import { CLASSES, evaluate } from "./evaluate.ts";
import { type Fixture, gapOf } from "./fixture.ts";
import { checkLabels, type Foreign, predictionsOf, SPLITS } from "./foreign-fixture.ts";
import { evaluateSplit } from "./publish.ts";
import type { Runtime, Session } from "./runtimes/runtime.ts";
import { type Sampling, sampleShards } from "./verify.ts";

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
