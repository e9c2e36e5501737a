/** A verification's report of one checkpoint and one claim. */
import type { Report } from "../../src/verification/verify-claims.ts";

export function reportOfOne(result: "match" | "mismatch" | "not-certified" = "match"): Report {
  const shard = { start: 0, end: 1000, published: 990, recomputed: 990, result, reason: "" };
  const published = { correct: 990, total: 1000, shards: 1 };
  return {
    runtime: { name: "native", package: "onnxruntime-node", version: "1.30.0" },
    sampling: { shards: 1, seed: 7 },
    counted: true,
    checkpoints: [
      {
        checkpoint: "mlp-1x512.true",
        runtime: "native",
        result,
        sha256: { model: "a".repeat(64), fixture: "b".repeat(64), history: "c".repeat(64) },
        dataset: "cifar10",
        splits: { train: [shard], test: [] },
        published: { train: published, test: published },
        gap: { numerator: 0, denominator: 1, decimal: "0.0000" },
      },
    ],
    verdicts: [{ claim: "table-1", status: "reproduced", reason: "", findings: [], missing: [] }],
    matched: result === "match",
    passed: result === "match",
  };
}
