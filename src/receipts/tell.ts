/** What a receipt says, for a person. */
import { counted } from "../counted.ts";
import { oneLine } from "../print.ts";
import type { CheckpointReport } from "../verification/verify-claims.ts";
import type { Receipt } from "./receipt.ts";
import type { Attested } from "./statement.ts";

function checkpointLine({ checkpoint, result, splits, published, sha256 }: CheckpointReport) {
  const shards = (split: "train" | "test") =>
    `${split} ${splits[split].length} of ${published[split].shards} shards`;
  return `checkpoint ${checkpoint}: ${result}; ${shards("train")}, ${shards("test")}; model.onnx ${sha256.model}`;
}

/** Where the models ran, and by whose word. */
function placeOf({ server, workers }: Attested): string {
  if (server !== undefined) return `at ${server}, by its word`;
  if (!workers) return "where it was signed";
  const names = workers.map((name) => oneLine(name)).join(", ");
  return `by ${counted(workers.length, "worker")} of a queue, whom the signer trusts: ${names}`;
}

/** Who ran the models, with what, and what was drawn. */
function runLines(report: Attested): string[] {
  const { runtime, sampling } = report;
  const { name, package: from, version } = runtime;
  const drawn = sampling.shards === "all" ? "every shard" : `shards drawn by seed ${sampling.seed}`;
  const all = report.counted ? "all published predictions" : "no published prediction beyond those";
  return [
    `ran: ${name} (${from} ${version}) ${placeOf(report)}`,
    `of each net: ${drawn}; counted: ${all}`,
  ];
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
