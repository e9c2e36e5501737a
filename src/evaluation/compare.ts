/** One recomputed shard against the fixture: match, mismatch or not-certified. */
import type { Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError } from "../datasets/storage.ts";
import type { Range, ShardEvaluation } from "./evaluate.ts";
import type { SplitFixture } from "./fixture.ts";
import { margins } from "./margin.ts";
import type { Published } from "./published.ts";
import type { Runtime } from "./runtimes/runtime.ts";

export type Result = "match" | "mismatch" | "not-certified";

/** The worst of the results: a mismatch over not-certified over a match; nothing is not-certified. */
export function worst(results: Result[]): Result {
  if (results.includes("mismatch")) return "mismatch";
  return results.length === 0 || results.includes("not-certified") ? "not-certified" : "match";
}

export interface Comparison {
  start: number;
  end: number;
  published: number;
  recomputed: number;
  result: Result;
  /** What differs, for a person; empty on a match. */
  reason: string;
}

/** What is compared of a shard; that of logits on wasm alone. */
export interface ShardResult extends Range {
  correct: number;
  predictions: Uint8Array<ArrayBuffer>;
  logitsSha256?: string;
  /** The smallest of its examples' margins; a server does not tell it. */
  margin?: number;
}

/** The SHA-256 of logits' bytes, float32 little-endian. */
export async function logitsDigest(logits: Float32Array<ArrayBuffer>): Promise<string> {
  const view = new DataView(new ArrayBuffer(logits.length * 4));
  logits.forEach((x, i) => {
    view.setFloat32(i * 4, x, true);
  });
  return await sha256Hex(new Uint8Array(view.buffer));
}

/** What is compared of an evaluated shard. */
export async function resultOf(
  { name }: Pick<Runtime, "name">,
  { start, end, correct, predictions, logits }: ShardEvaluation,
): Promise<ShardResult> {
  const result = { start, end, correct, predictions };
  if (name !== "wasm") return result;
  const margin = margins(logits).reduce((a, b) => Math.min(a, b));
  return { ...result, logitsSha256: await logitsDigest(logits), margin };
}

/** What wasm gives otherwise than published, where the reference covers the shard. */
function otherLogits({ reference, margin }: SplitFixture, shard: ShardResult): string | undefined {
  const { start, end } = shard;
  const published = reference.find((range) => range.start === start && range.end === end);
  if (!published) return undefined;
  if (shard.logitsSha256 !== published.logitsSha256) {
    return `the logits of ${start} to ${end} have another digest`;
  }
  if (shard.margin !== undefined && shard.margin < margin.min) {
    return `the margins go down to ${shard.margin}, not ${margin.min}`;
  }
  return undefined;
}

/**
 * Compares a shard as published with the same range recomputed.
 * On wasm logits must be equal bit for bit, where they are published. Elsewhere a
 * prediction may differ where the fixture calls the example fragile, and then the
 * shard is not certified.
 * @throws InputError if the fixture has no such shard
 */
export async function compareShard(
  {
    fixture: { splits, runtime: made },
    predictions: files,
  }: Pick<Published, "fixture" | "predictions">,
  split: Split,
  runtime: Pick<Runtime, "name" | "version">,
  shard: ShardResult,
): Promise<Comparison> {
  const { start, end, predictions } = shard;
  const [fixture, published] = [splits[split], files[split]];
  const entry = fixture.shards.find((s) => s.start === start && s.end === end);
  if (!entry) throw new InputError(`the fixture has no shard ${start} to ${end}`);
  const by = made[runtime.name];
  // The likeliest cause, and no fault of the checkpoint.
  const upgraded =
    by === undefined || runtime.version === by.version
      ? ""
      : ` (${by.package} ${by.version} made the fixture, this is ${runtime.version})`;
  const finish = (result: Result, reason = ""): Comparison => ({
    start,
    end,
    published: entry.correct,
    recomputed: shard.correct,
    result,
    reason: reason && reason + upgraded,
  });
  const other = runtime.name === "wasm" ? otherLogits(fixture, shard) : undefined;
  if (other) return finish("mismatch", other);
  const differing = [...predictions.keys()]
    .filter((i) => predictions[i] !== published[start + i])
    .map((i) => start + i);
  const unexplained = differing.filter((i) => !fixture.margin.fragile.includes(i));
  if (unexplained.length > 0) {
    const text = `${unexplained.length} predictions differ, first example ${unexplained[0]}`;
    if (by !== undefined) return finish("mismatch", text);
    return finish("not-certified", `${text}; the fixture leaves open how far ${runtime.name} is`);
  }
  if (differing.length > 0) {
    return finish(
      "not-certified",
      `predictions of fragile examples differ: ${differing.join(", ")}`,
    );
  }
  if (shard.correct !== entry.correct) {
    return finish("mismatch", `${shard.correct} correct, ${entry.correct} published`);
  }
  if ((await sha256Hex(predictions)) !== entry.predictionsSha256) {
    return finish("mismatch", "the published digest of the predictions is another");
  }
  return finish("match");
}
