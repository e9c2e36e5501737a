/** What a person reads: within 120 columns however much is published. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLAIMS } from "../../src/claims/claims.ts";
import { type Evidence, judge } from "../../src/claims/judge.ts";
import { rowOf } from "../../src/claims/paper.ts";
import { claimsTable, summary } from "../../src/cli/claims-table.ts";
import { WIDTH } from "../../src/cli/columns.ts";
import { countsTable } from "../../src/cli/counts-table.ts";
import { RECIPES } from "../../src/recipes.ts";
import { curve, evidence } from "../claims/evidence.ts";

const ids = Object.keys(RECIPES);
const all = new Map(
  ids.map((id): [string, Evidence] => [
    id,
    evidence({
      parameters: rowOf(id)?.parameters ?? 103_072,
      train: { correct: 50_000, total: 50_000 },
      test: { correct: 4321, total: 10_000 },
      trained: true,
      history: curve([0.5]),
    }),
  ]),
);
const decide = (evidence: Map<string, Evidence>) => CLAIMS.map((claim) => judge(claim, evidence));
const longest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

/** The opposite of what is claimed: gaps that jump down. */
const contrary = new Map(
  [...all].map(([id, found]): [string, Evidence] => {
    const [train, test] = id.includes("random-labels") ? [4_999, 1_001] : [49_999, 1_000];
    const counts = {
      train: { correct: train, total: 50_000 },
      test: { correct: test, total: 10_000 },
    };
    return [id, evidence({ ...found, ...counts })];
  }),
);

test("claims fit the width, with every checkpoint and with none", () => {
  for (const found of [all, contrary, new Map()]) {
    const text = claimsTable(CLAIMS, decide(found));
    assert.ok(longest(text) <= WIDTH, `${longest(text)}`);
    assert.is(
      text.split("\n").find((line) => line.includes("…")),
      undefined,
    ); // nothing was cut off
  }
});

test("a difference stands beside the independent reproduction's number", () => {
  const text = claimsTable(CLAIMS, decide(all));
  // 43.21 − 50.51; the reproduction has 52.62
  assert.match(text, /test +4321\/10000 +43\.21 % +50\.51 % +✗ ≥ 4551\/10000 +-7\.30 \(52\.62 %\)/);
  assert.match(text, /off by: percentage points/);
});

test("what has no checkpoint is one line a group, with a command", () => {
  const text = claimsTable(CLAIMS, decide(new Map()));
  assert.match(
    text,
    /Figure 1b\n3 not evaluated for want of checkpoints: npm run train -- inception\.true/,
  );
  assert.match(
    text,
    /table-2\.true: not evaluated; paper: top-1 99\.53 \/ 59\.8 \(best 63\.16\) %/,
  );
});

test("the summary counts each status", () => {
  const one = new Map([...all].filter(([id]) => id === "theorem1.random-labels"));
  assert.is(
    summary(decide(one)),
    `1 reproduced, 1 not reproduced, ${CLAIMS.length - 2} not evaluated`,
  );
});

test("counts fit the width, and = stands for equal counts alone", () => {
  const shard = { start: 0, end: 1000, published: 984, result: "match" as const, reason: "" };
  const report = (checkpoint: string, recomputed: number) => ({
    checkpoint,
    runtime: "native",
    result: "not-certified" as const,
    sha256: { model: "", history: "", fixture: "" },
    dataset: "cifar10" as const,
    splits: {
      train: Array.from({ length: 50 }, () => ({ ...shard, recomputed })),
      test: Array.from({ length: 10 }, () => ({ ...shard, recomputed: 984 })),
    },
    published: {
      train: { correct: 49_621, total: 50_000, shards: 50 },
      test: { correct: 9840, total: 10_000, shards: 10 },
    },
    gap: { numerator: 44_771, denominator: 50_000, decimal: "0.8954" },
  });
  const text = countsTable([report("inception-nobn.random-labels", 983), report("x", 984)]);
  assert.ok(longest(text) <= WIDTH, `${longest(text)}`);
  assert.match(text, /49150 ≠ 49200 +9840\/10000 =/);
  assert.match(text, /49200\/50000 = /);
});

test.run();
