/** The claims as data: complete, on known recipes, and satisfied by the paper's own numbers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Claim, checkpointsOf } from "../../src/claims/claim.ts";
import { CLAIMS } from "../../src/claims/claims.ts";
import { judge } from "../../src/claims/judge.ts";
import { paper, rowOf, secondCheckpointOf } from "../../src/claims/paper.ts";
import { currentEntries, REGISTERED, unregistered } from "../../src/claims/registered.ts";
import { RECIPES } from "../../src/recipes.ts";
import { evidence, meetsFirst } from "./evidence.ts";

const of = (group: Claim["group"]) => CLAIMS.filter((claim) => claim.group === group);

test("ids are unique, and every claim has rules or says why it has none", () => {
  assert.is(new Set(CLAIMS.map(({ id }) => id)).size, CLAIMS.length);
  for (const { id, rules, beyondReach } of CLAIMS) {
    assert.match(id, /^[a-z0-9.-]+$/);
    assert.is(rules.length > 0, beyondReach === undefined, id);
  }
});

test("rules name recipes, every recipe bears on a claim, and numbers stand beside what they measure", () => {
  const named = new Set(CLAIMS.flatMap(checkpointsOf));
  for (const id of named) assert.ok(RECIPES[id], id);
  // Seeds are decided with the first; of rates below 0.1 no claim speaks before they are needed.
  const first = Object.keys(RECIPES).filter((id) => !/seed-|he-lr-/.test(id));
  for (const id of first) assert.ok(named.has(id), id);
  for (const rule of CLAIMS.flatMap(({ rules }) => rules)) {
    const compared = rule.kind === "gain" || rule.kind === "gap-jumps";
    const values = compared ? 1 : rule.checkpoints.length;
    for (const number of rule.paper ?? [])
      assert.ok(number === undefined || Number.isFinite(number));
    for (const numbers of [rule.paper, rule.reproduction])
      if (numbers) assert.is(numbers.length, values, rule.kind);
  }
});

test("every claim and recipe is registered as it stands", async () => {
  const open = unregistered(REGISTERED, await currentEntries(RECIPES, CLAIMS));
  assert.equal(
    [...open.recipes, ...open.claims],
    [],
    "npm run register, and say why if it is late",
  );
});

test("Theorem 1 wants every label", () => {
  const [claim] = of("Theorem 1");
  assert.ok(claim);
  const status = (correct: number) => {
    const found = evidence({ parameters: 103_072, train: { correct, total: 50_000 } });
    return judge(claim, new Map([["theorem1.random-labels", found]])).status;
  };
  assert.is(status(50_000), "reproduced");
  assert.is(status(49_999), "not-reproduced");
});

test("every row and figure of the paper has its claims", () => {
  assert.is(of("Table 1").length, 19 + 5 + 9); // rows, a jump a net, rows by a second recipe
  assert.is(of("Table 4").length, 6 + 4);
  assert.is(of("Table 2").length, 7);
  assert.is(of("Table 3").length, 4);
  assert.equal(
    CLAIMS.filter(({ group }) => /Figure 1[ab]/.test(group)).map(({ id }) => id),
    [
      "figure-1a.fitted",
      "figure-1a.order",
      ...["inception", "alexnet", "mlp-1x512"].map((net) => `figure-1b.${net}`),
    ],
  );
});

/** Counts with the paper's own percentages. */
function reported(seeded: string) {
  const id = seeded.replace(/\.seed-\d$/, "");
  const row = rowOf(id) ?? paper.table1.rows.find((one) => secondCheckpointOf(one) === id);
  return evidence({
    parameters: row?.parameters ?? 0,
    train: { correct: Math.round((row?.train ?? 0) * 500), total: 50_000 },
    ...meetsFirst(Math.round((row?.test ?? 0) * 100)),
  });
}

test("the paper's own Table 1 satisfies the rules on it, on Section 3 and on Figure 2b", () => {
  const found = new Map(Object.keys(RECIPES).map((id) => [id, reported(id)]));
  const figure2b = of("Figure 2").filter(({ id }) => id === "figure-2b");
  for (const claim of [...of("Table 1"), ...of("Section 3"), ...figure2b]) {
    const { status, reason } = judge(claim, found);
    assert.is(status, "reproduced", `${claim.id}: ${reason}`);
  }
});

test("batch norm that helps no net, or two nets at chance, do not reproduce Figure 2b", () => {
  const [claim] = of("Figure 2").filter(({ id }) => id === "figure-2b");
  assert.ok(claim);
  const status = (without: number, normalized: number) => {
    const tested = (correct: number) => evidence(meetsFirst(correct));
    const found = { "inception-nobn.true": tested(without), "inception.true": tested(normalized) };
    return judge(claim, new Map(Object.entries(found))).status;
  };
  assert.is(status(8300, 8380), "not-reproduced"); // half of 86.53 − 84.92 is 0.805
  assert.is(status(8300, 8381), "reproduced");
  assert.is(status(1000, 1161), "not-reproduced");
});

test("so does the independent reproduction: its distance from the paper is no contradiction", () => {
  for (const claim of of("Table 1")) {
    for (const rule of claim.rules) {
      const [theirs] = rule.reproduction ?? [];
      if (rule.kind === "generalizes") assert.ok((theirs ?? 0) * 100 >= rule.atLeast[0], claim.id);
    }
  }
});

test("a net at chance on true labels satisfies no row of Table 1 that generalizes", () => {
  const found = new Map(
    Object.keys(RECIPES).map((id) => [
      id,
      { ...reported(id), test: { correct: 1000, total: 10_000 } },
    ]),
  );
  for (const claim of of("Table 1").filter(({ id }) => id.includes(".true")))
    assert.is(judge(claim, found).status, "not-reproduced", claim.id);
});

test.run();
