/** `verify`: recomputes published counts and decides the claims. */
import Table from "cli-table3";
import { CLAIMS, type Claim } from "../claims/claims.ts";
import { type Evidence, judge, type Verdict } from "../claims/judge.ts";
import { InputError } from "../datasets/storage.ts";
import type { Published } from "../evaluation/published.ts";
import { readPublished } from "../evaluation/published.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { type Verification, verifyCheckpoint } from "../evaluation/verify.ts";
import { openDataset } from "./dataset.ts";
import { known, project, publishedIds } from "./project.ts";

export interface VerifyOptions {
  checkpoint?: string[];
  claim?: string[];
  runtime: RuntimeName;
  shards: number;
  full?: boolean;
  seed?: number;
  json?: boolean;
}

interface Run {
  published: Published;
  verification: Verification;
}

function evidenceOf({ published, verification }: Run): Evidence {
  const { train, test } = published.fixture.splits;
  return {
    parameters: published.checkpoint.model.parameters,
    train,
    test,
    result: verification.result,
  };
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

function counts(runs: Run[]): string {
  const table = new Table({ head: RESULT_TABLE, style: { head: [], border: [] } });
  for (const { published, verification } of runs) {
    for (const split of ["train", "test"] as const) {
      const { correct, total, shards } = published.fixture.splits[split];
      const done = verification.splits[split];
      const sum = (pick: (c: (typeof done)[number]) => number) =>
        done.reduce((s, c) => s + pick(c), 0);
      const { numerator, denominator, decimal } = published.fixture.gap;
      table.push([
        verification.checkpoint,
        split,
        `${correct}/${total}`,
        `${sum((c) => c.recomputed)}/${sum((c) => c.end - c.start)}`,
        `${sum((c) => c.published)} in ${done.length} of ${shards.length}`,
        `${numerator}/${denominator} = ${decimal}`,
        verification.result,
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

/** Verifies and prints; the exit code is 0 only if something ran and all of it matched and held. */
export async function verify(options: VerifyOptions): Promise<number> {
  const ids = await publishedIds();
  const claims = (options.claim ?? CLAIMS.map((c) => c.id)).map((id) => {
    known(
      id,
      CLAIMS.map((c) => c.id),
      "claim",
    );
    return CLAIMS.find((c) => c.id === id) as Claim;
  });
  const ofClaims = options.claim && claims.flatMap((c) => c.rules.map((r) => r.checkpoint));
  const wanted = (options.checkpoint ?? ids)
    .map((id) => known(id, ids, "checkpoint"))
    .filter((id) => !ofClaims || ofClaims.includes(id));
  if (wanted.length === 0)
    throw new InputError("nothing to verify: no published checkpoint is named by these options");
  const seed = options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const sampling = { shards: options.full ? ("all" as const) : options.shards, seed };

  const dataset = await openDataset();
  const runtime = await openRuntime(options.runtime);
  const runs: Run[] = [];
  for (const id of wanted) {
    const published = await readPublished(project, id);
    const verification = await verifyCheckpoint(dataset, published, runtime, sampling);
    runs.push({ published, verification });
  }
  const evidence = new Map(runs.map((run) => [run.verification.checkpoint, evidenceOf(run)]));
  const decided = claims.map((claim) => judge(claim, evidence));
  const passed =
    runs.every((run) => run.verification.result === "match") &&
    decided.every((verdict) => verdict.status !== "not-reproduced");

  if (options.json) {
    console.log(
      JSON.stringify(
        {
          runtime: { name: runtime.name, package: runtime.package, version: runtime.version },
          sampling,
          verifications: runs.map((r) => r.verification),
          verdicts: decided,
        },
        null,
        1,
      ),
    );
    return passed ? 0 : 1;
  }
  console.log(counts(runs));
  for (const { verification } of runs) {
    for (const c of [...verification.splits.train, ...verification.splits.test]) {
      if (c.reason)
        console.log(`${verification.checkpoint} ${c.start} to ${c.end}: ${c.result}: ${c.reason}`);
    }
  }
  console.log(verdicts(claims, decided));
  const how = options.full
    ? "every shard"
    : `${options.shards} shards a split drawn with --seed ${seed}`;
  console.log(
    `${runtime.package} ${runtime.version}, ${how}: ${passed ? "all that ran matched" : "NOT all matched"}`,
  );
  return passed ? 0 : 1;
}
