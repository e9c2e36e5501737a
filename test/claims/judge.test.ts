/** Verdicts on plain records; the interval against values of exact integer arithmetic. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { chanceInterval } from "../../src/claims/binomial.ts";
import type { Claim } from "../../src/claims/claims.ts";
import { type Evidence, judge } from "../../src/claims/judge.ts";

const claim: Claim = {
  id: "c",
  where: "",
  statement: "",
  rules: [
    { kind: "fits", checkpoint: "x", atLeast: [99, 100] },
    { kind: "at-chance", checkpoint: "x" },
    { kind: "weights", checkpoint: "x", equals: 10 },
  ],
};
const good: Evidence = {
  parameters: 10,
  train: { correct: 49_500, total: 50_000 },
  test: { correct: 1000, total: 10_000 },
  result: "match",
};
const status = (change: Partial<Evidence>) =>
  judge(claim, new Map([["x", { ...good, ...change }]])).status;

test("the binomial interval", () => {
  assert.equal(chanceInterval(100, 1 / 10, 1 / 20), { low: 5, high: 16 });
  assert.equal(chanceInterval(10_000, 1 / 10, 1 / 1000), { low: 903, high: 1100 });
});

test("a rule holds at its bound and fails one below", () => {
  assert.is(status({}), "reproduced");
  assert.is(status({ train: { correct: 49_499, total: 50_000 } }), "not-reproduced");
  assert.is(status({ test: { correct: 903, total: 10_000 } }), "reproduced");
  assert.is(status({ test: { correct: 903 - 1, total: 10_000 } }), "not-reproduced");
  assert.is(status({ test: { correct: 1100 + 1, total: 10_000 } }), "not-reproduced");
  assert.is(status({ parameters: 11 }), "not-reproduced");
});

test("no data is never a pass", () => {
  assert.is(judge(claim, new Map()).status, "not-evaluated");
  assert.is(judge({ ...claim, rules: [] }, new Map([["x", good]])).status, "not-evaluated");
  assert.is(status({ train: { correct: 0, total: 0 } }), "not-reproduced");
  assert.is(status({ result: "not-certified" }), "not-evaluated");
  assert.is(status({ result: "mismatch" }), "not-reproduced");
});

test.run();
