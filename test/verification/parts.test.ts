/** Parts of a run: cut evenly, and added up to what one run gives; what does not add up is refused. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordOf } from "../../src/cli/ran.ts";
import { CLAIMS } from "../../src/claims/claims.ts";
import { publishedIds } from "../../src/evaluation/published.ts";
import type { RuntimeName } from "../../src/evaluation/runtimes/runtime.ts";
import { project } from "../../src/local/project.ts";
import { canonicalDigest } from "../../src/recipe.ts";
import { merge } from "../../src/verification/merge.ts";
import { cut, partOf } from "../../src/verification/part.ts";
import type { RunRecord } from "../../src/verification/record.ts";
import type { CheckpointReport } from "../../src/verification/report.ts";
import type { NamedRecord } from "../../src/verification/same-run.ts";
import { verifyTolerantly } from "../../src/verification/verify-claims.ts";
import { planWork } from "../../src/verification/work.ts";
import { believer } from "./reported.ts";

const published = await publishedIds(project);

for (const runtime of ["native", "wasm"] satisfies RuntimeName[]) {
  for (const shards of ["all", 1] as const) {
    test(`8 parts of ${shards} on ${runtime} are the whole, the costliest at most 1.3 of the mean`, async () => {
      const work = await planWork(project, published, { shards, seed: 7 }, runtime);
      const parts = cut(work, 8);
      assert.equal(parts.flat(), work);
      const costs = parts.map((part) => part.reduce((sum, { cost }) => sum + cost, 0));
      const mean = costs.reduce((a, b) => a + b) / 8;
      assert.ok(Math.max(...costs) <= 1.3 * mean, `${costs}, mean ${mean}`);
    });
  }
}

test("there may be more parts than work, and one part is all of it", async () => {
  const work = await planWork(project, published.slice(0, 1), { shards: 1, seed: 7 }, "native");
  assert.is(work.length, 3); // the counting, a shard of train and one of test
  assert.equal(cut(work, 1), [work]);
  const many = cut(work, 5);
  assert.is(many.length, 5);
  assert.equal(many.flat(), work);
});

const checkpoints = ["theorem1.random-labels", "mlp-1x512.true", "mlp-1x512.random-labels"];
const sampling = { shards: "all" as const, seed: 7 };
const request = { verifier: believer, project, claims: CLAIMS, checkpoints, published, sampling };
const asked = { checkpoints, published, all: true, guarded: false };

async function partRecord(k: number, of: number): Promise<NamedRecord> {
  const whole = await planWork(project, checkpoints, sampling, "native");
  const { work, part } = partOf(whole, { part: k, of });
  const { report } = await verifyTolerantly({ ...request, work, part: true });
  const record = recordOf({ report, claims: CLAIMS, asked, part }, new Date());
  return { file: `${k}.json`, record: JSON.parse(JSON.stringify(record)) };
}

const records = await Promise.all([1, 2, 3, 4, 5].map((k) => partRecord(k, 5)));

test("the sum over parts is the whole run, byte for byte", async () => {
  const { report } = await verifyTolerantly(request);
  const merged = await merge(project, CLAIMS, records.toReversed());
  assert.is(JSON.stringify(merged.report), JSON.stringify(report));
  assert.is(await canonicalDigest(merged.report), await canonicalDigest(report));
  assert.ok(records.every(({ record }) => record.verdicts.length === 0 && record.exitCode === 0));
  assert.ok(report.matched && report.counted);
});

test("a checkpoint that is bad for one part is bad in the whole", async () => {
  const reason = "models/mlp-1x512.true/model.onnx is missing";
  const bad = {
    checkpoint: "mlp-1x512.true",
    runtime: "native",
    result: "mismatch",
    reason,
  } as const;
  const changed = records.map(({ file, record }, k) => ({
    file,
    record: k === 2 ? { ...record, checkpoints: [bad] } : record,
  }));
  const { report } = await merge(project, CLAIMS, changed);
  assert.equal(
    report.checkpoints.find(({ checkpoint }) => checkpoint === "mlp-1x512.true"),
    bad,
  );
  assert.not(report.matched);
});

test("a mismatch of one part is not hidden by what another could not run", async () => {
  const refused = {
    checkpoint: "mlp-1x512.true",
    runtime: "native",
    result: "not-certified",
    reason: "the runtime refuses the model",
  } as const;
  const has = (at: number) =>
    records.findIndex(
      ({ record }, k) =>
        k >= at && record.checkpoints.some((c) => c.checkpoint === refused.checkpoint),
    );
  const [one, other] = [has(0), has(has(0) + 1)];
  const differs = (report: CheckpointReport): CheckpointReport => {
    const { train, test } = structuredClone(report.splits);
    const shard = [...train, ...test][0];
    Object.assign(shard as object, { result: "mismatch", reason: "7 predictions differ" });
    return { ...report, result: "mismatch", splits: { train, test } };
  };
  const parts = records.map(({ file, record }, k) => ({
    file,
    record: {
      ...record,
      checkpoints: record.checkpoints.map((report) => {
        if (report.checkpoint !== refused.checkpoint) return report;
        return k === one ? refused : k === other ? differs(report as CheckpointReport) : report;
      }),
    },
  }));
  for (const order of [parts, parts.toReversed()]) {
    const { report } = await merge(project, CLAIMS, order);
    assert.equal(
      report.checkpoints.find(({ checkpoint }) => checkpoint === refused.checkpoint),
      {
        ...refused,
        result: "mismatch",
        reason: "7 predictions differ; another part: the runtime refuses the model",
      },
    );
    assert.ok(report.verdicts.some(({ status }) => status === "not-reproduced"));
  }
});

test("a part to which no shard fell knows no version of a server's runtime, and is merged", async () => {
  const idle = { name: "native", package: "", version: "" } as const;
  const merged = await merge(
    project,
    CLAIMS,
    changed(0, () => ({ runtime: idle })),
  );
  assert.equal(merged.report.runtime, believer.runtime());
});

function changed(k: number, change: (record: RunRecord) => Partial<RunRecord>): NamedRecord[] {
  return records.map((one, at) =>
    at === k ? { ...one, record: { ...one.record, ...change(one.record) } } : one,
  );
}

const first = ({ checkpoints }: RunRecord) => structuredClone(checkpoints) as CheckpointReport[];

const refused: [string, NamedRecord[], RegExp][] = [
  ["no part", [], /there is no part to merge/],
  ["a missing part", records.slice(1), /of 5 parts these are missing: 1$/],
  [
    "a part that is there twice",
    [...records, { ...(records[1] as NamedRecord), file: "again.json" }],
    /part 2 of 5 is there more than once: 2\.json, again\.json/,
  ],
  [
    "another seed",
    changed(3, () => ({ sampling: { shards: "all", seed: 8 } })),
    /^4\.json has another sampling than 1\.json: \{"seed":8,.*"seed":7/,
  ],
  [
    "another version",
    changed(3, () => ({ rethink: "0.0.1" })),
    /another version of Rethink than 1\.json: "0\.0\.1"/,
  ],
  [
    "another runtime",
    changed(1, () => ({ runtime: { name: "native", package: "onnxruntime-node", version: "2" } })),
    /^2\.json has another version of the runtime than 1\.json/,
  ],
  [
    "a part that broke off",
    changed(1, () => ({ error: "no disk" })),
    /^2\.json did not come to its end: no disk; run that part again/,
  ],
  [
    "a part that never began",
    changed(1, () => ({ error: "no dataset", part: undefined })),
    /^2\.json did not come to its end: no dataset; run that part again/,
  ],
  ["a whole run", changed(1, () => ({ part: undefined })), /^2\.json is no part of a run/],
  [
    "a gap",
    changed(0, (record) => {
      const reports = first(record);
      reports[0]?.splits.train.pop();
      return { checkpoints: reports };
    }),
    / is in none of the parts$/,
  ],
  [
    "an overlap",
    changed(1, (record) => ({
      checkpoints: [...first(record), ...first((records[0] as NamedRecord).record).slice(0, 1)],
    })),
    / is in both 1\.json and 2\.json$/,
  ],
  [
    "another model",
    changed(0, (record) => {
      const reports = first(record);
      if (reports[0]) reports[0].sha256.model = "0".repeat(64);
      return { checkpoints: reports };
    }),
    /^1\.json is of another model of theorem1\.random-labels than is published here/,
  ],
];

for (const [what, parts, line] of refused) {
  test(`${what} is refused, and named`, async () => {
    await merge(project, CLAIMS, parts).then(
      () => assert.unreachable("it was added up"),
      (error) => assert.match(error.message, line),
    );
  });
}

test.run();
