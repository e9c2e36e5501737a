/** What a receipt says, for a person. */
import type { CheckpointReport, Report } from "../verification/verify-claims.ts";
import type { Receipt } from "./receipt.ts";

function checkpointLine({ checkpoint, result, splits, published, sha256 }: CheckpointReport) {
  const shards = (split: "train" | "test") =>
    `${split} ${splits[split].length} of ${published[split].shards} shards`;
  return `checkpoint ${checkpoint}: ${result}; ${shards("train")}, ${shards("test")}; model.onnx ${sha256.model}`;
}

/** Who ran the models, with what, and what was drawn. */
function runLines({ runtime, server, sampling, counted }: Report): string[] {
  const { name, package: from, version } = runtime;
  const where = server === undefined ? "where it was signed" : `at ${server}, by its word`;
  const drawn = sampling.shards === "all" ? "every shard" : `shards drawn by seed ${sampling.seed}`;
  const all = counted ? "all published predictions" : "no published prediction beyond those";
  return [`ran: ${name} (${from} ${version}) ${where}`, `of each net: ${drawn}; counted: ${all}`];
}

/** The verdict in a line, then all that it rests on, a line each. */
export function receiptLines({ counts, testResult }: Receipt, keyid: string): string[] {
  const { finishedOn, report } = counts;
  const { result, passedTests, warnedTests, failedTests } = testResult;
  const tests = `${passedTests.length} passed, ${warnedTests.length} warned, ${failedTests.length} failed`;
  return [
    `${result} (${tests}) on ${finishedOn}, signed by ${keyid}`,
    ...report.verdicts.map(
      ({ claim, status, reason }) =>
        `claim ${claim}: ${status.replace("-", " ")}${reason && `: ${reason}`}`,
    ),
    ...report.checkpoints.map(checkpointLine),
    ...runLines(report),
  ];
}
