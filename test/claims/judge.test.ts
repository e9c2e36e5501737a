/** Verdicts on plain records: what is missing, what mismatches, what fails. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { chanceInterval } from "../../src/claims/binomial.ts";
import type { Claim } from "../../src/claims/claim.ts";
import { CLAIMS } from "../../src/claims/claims.ts";
import { judge } from "../../src/claims/judge.ts";
import { type Seeds, seedsText } from "../../src/claims/seeds.ts";
import { curve, evidence } from "./evidence.ts";

const claim: Claim = {
  id: "c",
  group: "Table 1",
  where: "",
  statement: "",
  rules: [
    { kind: "fits", checkpoints: ["x"], atLeast: [99, 100] },
    { kind: "at-chance", checkpoints: ["y"] },
  ],
};
const good = evidence();
const both = { x: good, y: good };

function verdict(found: Record<string, typeof good>, published = Object.keys(found)) {
  return judge(claim, new Map(Object.entries(found)), new Set(published));
}

test("the binomial interval, against values of exact integer arithmetic", () => {
  assert.equal(chanceInterval(100, 1 / 10, 1 / 20), { low: 5, high: 16 });
  assert.equal(chanceInterval(10_000, 1 / 10, 1 / 1000), { low: 903, high: 1100 });
});

test("all rules hold: reproduced", () => {
  const { status, reason, findings, missing } = verdict(both);
  assert.is(status, "reproduced");
  assert.is(reason, "");
  assert.is(findings.length, 2);
  assert.equal(missing, []);
});

test("no data is never a pass", () => {
  assert.is(verdict({}).status, "not-evaluated");
  assert.is(judge({ ...claim, rules: [] }, new Map([["x", good]])).status, "not-evaluated");
  const empty = { correct: 0, total: 0 };
  assert.is(verdict({ ...both, x: { ...good, train: empty } }).status, "not-reproduced");
  assert.is(verdict({ ...both, y: { ...good, test: empty } }).status, "not-reproduced");
});

test("a missing checkpoint leaves it open, and what could be found is", () => {
  const found = verdict({ x: good });
  assert.is(found.status, "not-evaluated");
  assert.is(found.reason, "no checkpoint y");
  assert.equal(found.missing, ["y"]);
  assert.equal(
    found.findings.map(({ holds }) => holds),
    [true],
  );
});

test("a published checkpoint that was left out is not called missing", () => {
  const found = verdict({ x: good }, ["x", "y"]);
  assert.is(found.status, "not-evaluated");
  assert.is(found.reason, "y was not evaluated");
  assert.equal(found.missing, []);
});

test("a rule that fails decides, whatever is missing", () => {
  const found = verdict({ x: { ...good, train: { correct: 49_499, total: 50_000 } } });
  assert.is(found.status, "not-reproduced");
  assert.is(found.reason, "fits (x): 49499/50000, wanted ≥ 99/100");
});

test("a mismatch is not reproduced and nothing is found of it; not certified stays open", () => {
  const mismatch = verdict({ ...both, x: { ...good, result: "mismatch" } });
  assert.is(mismatch.status, "not-reproduced");
  assert.is(mismatch.reason, "x does not match its fixture");
  assert.is(mismatch.findings.length, 1);
  const open = verdict({ ...both, x: { ...good, result: "not-certified" } });
  assert.is(open.status, "not-evaluated");
  assert.is(open.reason, "x is not certified here");
});

test("a history that is not of a whole training decides nothing", () => {
  const online: Claim = {
    ...claim,
    rules: [{ kind: "fits-online", checkpoints: ["x"], atLeast: [99, 100] }],
  };
  const short = { ...good, history: curve([0.5, 1]) };
  const found = judge(online, new Map([["x", short]]));
  assert.is(found.status, "not-evaluated");
  assert.is(found.reason, "the history of x does not end where its training does");
  assert.is(judge(online, new Map([["x", { ...short, trained: true }]])).status, "reproduced");
  const elsewhere = judge(online, new Map([["x", { ...good, history: [] }]]));
  assert.is(elsewhere.reason, "x has no history: it was made elsewhere");
});

test("what is beyond reach is not evaluated, and says why", () => {
  const beyond: Claim = { ...claim, rules: [], beyondReach: { reason: "no data", paper: "1 %" } };
  assert.is(judge(beyond, new Map()).status, "not-evaluated");
  assert.is(judge(beyond, new Map()).reason, "no data");
});

test("Table 1 is decided for each seed that was evaluated, and must hold for all", () => {
  const claim = CLAIMS.find(({ id }) => id === "table-1.mlp-1x512.random-labels") as Claim;
  const found = (correct: number) =>
    evidence({
      parameters: 1_209_866,
      train: { correct: 49_800, total: 50_000 },
      test: { correct, total: 10_000 },
    });
  const id = "mlp-1x512.random-labels";
  const judged = (...hits: number[]) => {
    const ids = [id, `${id}.seed-1`, `${id}.seed-2`];
    return judge(claim, new Map(hits.map((correct, k) => [ids[k] as string, found(correct)])));
  };
  assert.is(judged(1000).seeds, undefined);
  const all = judged(1000, 950, 1050);
  assert.is(all.status, "reproduced");
  assert.equal([all.seeds?.holding, all.seeds?.of], [3, 3]);
  const test = all.seeds?.spread.find(({ quantity }) => quantity === "test");
  assert.equal(test, { quantity: "test", least: "950/10000", most: "1050/10000" });
  const one = judged(1000, 1200);
  assert.is(one.status, "not-reproduced");
  assert.match(one.reason, /random-labels\.seed-1.*1200\/10000/);
  assert.equal([one.seeds?.holding, one.seeds?.of], [1, 2]);
});

test("a seed that mismatches fails its claim, one that is not certified leaves it open", () => {
  const claim: Claim = {
    id: "c",
    group: "Section 3",
    where: "",
    statement: "",
    rules: [
      { kind: "generalizes", checkpoints: ["x"], atLeast: [1, 2] },
      { kind: "gain", checkpoints: ["x", "y"], atLeast: [-1, 100], atMost: [1, 10] },
    ],
  };
  const met = evidence({ test: { correct: 6000, total: 10_000 } });
  const judged = (result: "match" | "mismatch" | "not-certified") =>
    judge(claim, new Map(Object.entries({ x: met, y: met, "x.seed-1": { ...met, result } })));
  const all = judged("match");
  assert.is(all.status, "reproduced");
  // Of seed 1 there is no y: the gain was decided for seed 0 alone.
  assert.equal([all.seeds?.holding, all.seeds?.of, all.seeds?.rules], [2, 2, 1]);
  assert.is(
    seedsText(all.seeds as Seeds, 2),
    "for 2 of 2 seeds (of 1 of its 2 rules), test 60.00 to 60.00 %",
  );
  const mismatch = judged("mismatch");
  assert.is(mismatch.reason, "x.seed-1 does not match its fixture");
  assert.equal([mismatch.seeds?.holding, mismatch.seeds?.of], [1, 2]);
  assert.is(judged("not-certified").reason, "x.seed-1 is not certified here");
});

test.run();
