/** One recomputed shard against the fixture: match, mismatch or not-certified. */
import { sha256Hex } from "../datasets/digest.ts";
import { InputError } from "../datasets/storage.ts";
import type { Range, ShardEvaluation } from "./evaluate.ts";
import type { SplitFixture } from "./fixture.ts";
import type { RuntimeName } from "./runtimes/runtime.ts";

export type Result = "match" | "mismatch" | "not-certified";

export interface Comparison {
  start: number;
  end: number;
  published: number;
  recomputed: number;
  result: Result;
  /** What differs, for a person; empty on a match. */
  reason: string;
}

/** What is compared of a shard; a server tells no logits. */
export interface ShardResult extends Range {
  correct: number;
  predictions: Uint8Array<ArrayBuffer>;
  logits?: ShardEvaluation["logits"];
}

/** The SHA-256 of logits' bytes, float32 little-endian. */
export async function logitsDigest(logits: Float32Array<ArrayBuffer>): Promise<string> {
  const view = new DataView(new ArrayBuffer(logits.length * 4));
  logits.forEach((x, i) => {
    view.setFloat32(i * 4, x, true);
  });
  return await sha256Hex(new Uint8Array(view.buffer));
}

/** The first published range of wasm's logits within a shard that has another digest here. */
async function otherLogits({ reference }: SplitFixture, { start, end, logits }: ShardResult) {
  if (!logits) return undefined;
  for (const range of reference.filter((r) => r.start >= start && r.end <= end)) {
    const part = logits.slice((range.start - start) * 10, (range.end - start) * 10);
    if ((await logitsDigest(part)) !== range.logitsSha256) return range;
  }
  return undefined;
}

/**
 * Compares a shard as published with the same range recomputed.
 * On wasm logits must be equal bit for bit, where they are published. Elsewhere a
 * prediction may differ where the fixture calls the example fragile, and then the
 * shard is not certified.
 * @param published the split's whole prediction file, checked against its digest
 */
export async function compareShard(
  fixture: SplitFixture,
  published: Uint8Array,
  runtime: RuntimeName,
  shard: ShardResult,
): Promise<Comparison> {
  const { start, end, predictions } = shard;
  const entry = fixture.shards.find((s) => s.start === start && s.end === end);
  if (!entry) throw new InputError(`the fixture has no shard ${start} to ${end}`);
  const finish = (result: Result, reason = ""): Comparison => ({
    start,
    end,
    published: entry.correct,
    recomputed: shard.correct,
    result,
    reason,
  });
  const other = runtime === "wasm" ? await otherLogits(fixture, shard) : undefined;
  if (other) {
    return finish("mismatch", `the logits of ${other.start} to ${other.end} have another digest`);
  }
  const differing = [...predictions.keys()]
    .filter((i) => predictions[i] !== published[start + i])
    .map((i) => start + i);
  const unexplained = differing.filter((i) => !fixture.margin.fragile.includes(i));
  if (unexplained.length > 0) {
    return finish(
      "mismatch",
      `${unexplained.length} predictions differ, first example ${unexplained[0]}`,
    );
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
