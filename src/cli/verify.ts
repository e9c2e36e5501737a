/** `verify`: recomputes published counts and decides the claims. */
import Table from "cli-table3";
import { CLAIMS, type Claim } from "../claims/claims.ts";
import type { Verdict } from "../claims/judge.ts";
import { publishedIds } from "../evaluation/published.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { type CheckpointReport, type Report, verifyClaims } from "../verification/verify-claims.ts";
import { openDataset } from "./dataset.ts";
import { known, project } from "./project.ts";

export interface VerifyOptions {
  checkpoint?: string[];
  claim?: string[];
  runtime: RuntimeName;
  shards: number;
  full?: boolean;
  seed?: number;
  json?: boolean;
}

const RESULT_TABLE = [
  "checkpoint",
  "split",
  "published",
  "recomputed",
  "of the published shards",
  "gap",
  "result",
];

function counts(checkpoints: CheckpointReport[]): string {
  const table = new Table({ head: RESULT_TABLE, style: { head: [], border: [] } });
  for (const { checkpoint, splits, published, gap, result } of checkpoints) {
    for (const split of ["train", "test"] as const) {
      const { correct, total, shards } = published[split];
      const done = splits[split];
      const sum = (pick: (c: (typeof done)[number]) => number) =>
        done.reduce((s, c) => s + pick(c), 0);
      table.push([
        checkpoint,
        split,
        `${correct}/${total}`,
        `${sum((c) => c.recomputed)}/${sum((c) => c.end - c.start)}`,
        `${sum((c) => c.published)} in ${done.length} of ${shards}`,
        `${gap.numerator}/${gap.denominator} = ${gap.decimal}`,
        result,
      ]);
    }
  }
  return table.toString();
}

function verdicts(claims: Claim[], decided: Verdict[]): string {
  const table = new Table({
    head: ["claim", "in the paper", "ours", "wanted", "verdict"],
    style: { head: [], border: [] },
  });
  decided.forEach((verdict, k) => {
    const list = (pick: (f: Verdict["findings"][number]) => string) =>
      verdict.findings.map(pick).join("\n");
    table.push([
      verdict.claim,
      claims[k]?.where ?? "",
      list((f) => `${f.rule.kind}: ${f.ours}`),
      list((f) => f.wanted),
      verdict.reason ? `${verdict.status}\n${verdict.reason}` : verdict.status,
    ]);
  });
  return table.toString();
}

function print(report: Report, claims: Claim[]): void {
  console.log(counts(report.checkpoints));
  for (const { checkpoint, splits } of report.checkpoints) {
    for (const c of [...splits.train, ...splits.test]) {
      if (c.reason) console.log(`${checkpoint} ${c.start} to ${c.end}: ${c.result}: ${c.reason}`);
    }
  }
  console.log(verdicts(claims, report.verdicts));
  const { shards, seed } = report.sampling;
  const how =
    shards === "all" ? "every shard" : `${shards} shards a split drawn with --seed ${seed}`;
  console.log(
    `${report.runtime.package} ${report.runtime.version}, ${how}: ${report.passed ? "all that ran matched" : "NOT all matched"}`,
  );
}

/** Verifies and prints; the exit code is 0 only if something ran and all of it matched and held. */
export async function verify(options: VerifyOptions): Promise<number> {
  const ids = await publishedIds(project);
  const claimIds = CLAIMS.map((c) => c.id);
  const claims = (options.claim ?? claimIds).map((id) => {
    known(id, claimIds, "claim");
    return CLAIMS.find((c) => c.id === id) as Claim;
  });
  const ofClaims = options.claim && claims.flatMap((c) => c.rules.map((r) => r.checkpoint));
  const checkpoints = (options.checkpoint ?? ids)
    .map((id) => known(id, ids, "checkpoint"))
    .filter((id) => !ofClaims || ofClaims.includes(id));
  if (checkpoints.length === 0) {
    console.error("rethink: nothing to verify: no published checkpoint is named by these options");
    return 1;
  }
  const report = await verifyClaims({
    dataset: await openDataset(),
    project,
    runtime: await openRuntime(options.runtime),
    claims,
    checkpoints,
    sampling: {
      shards: options.full ? "all" : options.shards,
      seed: options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    },
  });
  if (options.json) console.log(JSON.stringify(report, null, 1));
  else print(report, claims);
  return report.passed ? 0 : 1;
}
