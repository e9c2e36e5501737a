/** What an audit has checked and what not, in sentences. */
import type { Report } from "../../verification/verify-claims.ts";
import type { Accepted } from "./messages.ts";

export interface Told {
  report: Report;
  given: Accepted[];
  wasmSha256: string;
  /** The digest that the fixtures name. */
  publishedWasm: string[];
}

function shardsOf({ checkpoints }: Report): { ran: number; of: number } {
  let [ran, of] = [0, 0];
  for (const { splits, published } of checkpoints) {
    ran += splits.train.length + splits.test.length;
    of += published.train.shards + published.test.shards;
  }
  return { ran, of };
}

export function account({ report, given, wasmSha256, publishedWasm }: Told): {
  checked: string[];
  notChecked: string[];
} {
  const { ran, of } = shardsOf(report);
  const models = report.checkpoints.map(({ checkpoint }) => checkpoint);
  const own = given.filter(
    ({ path }) => path?.startsWith("models/") || path?.startsWith("fixtures/"),
  );
  const checked = [
    `The model files of ${models.join(", ")} have the SHA-256 that their fixtures name.`,
    `Every image and label that was used is the official dataset's, by the SHA-256 of its block of 1,000 records, which this page's code holds.`,
    `${ran} of ${of} shards of 1,000 images were run through the models in this browser, and their counts, predictions and, where published, logits compared.`,
    ...(report.counted
      ? [
          "All published predictions were counted against the labels; those that are random were drawn anew from their seed.",
        ]
      : []),
    "The verdict is by the same code as on the command line and the server.",
  ];
  const sameWasm = publishedWasm.every((digest) => digest === wasmSha256);
  const notChecked = [
    ...(ran < of ? [`${of - ran} shards were not run: their counts are as published.`] : []),
    ...(report.counted ? [] : ["The published predictions were not counted against the labels."]),
    own.length > 0
      ? "Published files that you did not give came from this host."
      : "Model, fixture and predictions came from this host: compare the digests in the report with those in the repository.",
    "How the networks were trained: that is told by their histories, and can be found out by training anew.",
    "This page's own code came from this host, too: scripts/audit.py shares nothing with it.",
    ...(sameWasm
      ? []
      : [
          `The runtime's wasm here has SHA-256 ${wasmSha256}, and the fixtures were made with another.`,
        ]),
  ];
  return { checked, notChecked };
}
