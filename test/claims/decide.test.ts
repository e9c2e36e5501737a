/** Every kind of rule at its bound and one beyond. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Rule } from "../../src/claims/claim.ts";
import { decide } from "../../src/claims/decide.ts";
import type { Evidence } from "../../src/claims/evidence.ts";
import { judge } from "../../src/claims/judge.ts";
import { mcnemar } from "../../src/claims/paired.ts";
import type { History } from "../../src/history.ts";
import { curve, evidence } from "./evidence.ts";

const train = (correct: number) => evidence({ train: { correct, total: 50_000 } });
const tested = (correct: number) => evidence({ test: { correct, total: 10_000 } });
const x = ["x"];

function holds(rule: Rule, ...found: Evidence[]): boolean {
  return decide(rule, found).holds;
}

test("weights are equal or not", () => {
  const rule: Rule = { kind: "weights", checkpoints: x, equals: 10 };
  assert.ok(holds(rule, evidence()));
  assert.not(holds(rule, evidence({ parameters: 11 })));
});

test("fits and fails-to-converge include their bounds", () => {
  const fits: Rule = { kind: "fits", checkpoints: x, atLeast: [99, 100] };
  assert.ok(holds(fits, train(49_500)));
  assert.not(holds(fits, train(49_499)));
  const not: Rule = { kind: "fails-to-converge", checkpoints: x, atMost: [50, 100] };
  assert.ok(holds(not, train(25_000)));
  assert.not(holds(not, train(25_001)));
});

test("fits-online counts the last epoch alone", () => {
  const rule: Rule = { kind: "fits-online", checkpoints: x, atLeast: [99, 100] };
  assert.ok(holds(rule, evidence({ history: curve([0.1, 0.99]) })));
  assert.not(holds(rule, evidence({ history: curve([1, 49_499 / 50_000]) })));
});

test("at chance is 903 to 1100 of 10,000", () => {
  const rule: Rule = { kind: "at-chance", checkpoints: x };
  assert.equal(
    [902, 903, 1100, 1101].map((n) => holds(rule, tested(n))),
    [false, true, true, false],
  );
});

test("generalizes is at least the bound, and above chance in any case", () => {
  const rule: Rule = { kind: "generalizes", checkpoints: x, atLeast: [4551, 10_000] };
  assert.ok(holds(rule, tested(4551)));
  assert.not(holds(rule, tested(4550)));
  assert.ok(holds({ ...rule, atLeast: [1, 100] }, tested(1101)));
  assert.not(holds({ ...rule, atLeast: [1, 100] }, tested(1100)));
  const low: Rule = { ...rule, atLeast: [1, 100] };
  assert.is(decide(rule, [tested(1100)]).wanted, "≥ 4551/10000");
  assert.is(decide(low, [tested(1100)]).wanted, "≥ 1101/10000");
});

test("a gap is bounded on either side", () => {
  const rule = { kind: "gap" as const, checkpoints: x };
  // 50000/50000 − 1000/10000 = 9/10
  assert.is(decide(rule, [evidence()]).values[0]?.ours, "9/10");
  assert.ok(holds({ ...rule, atLeast: [9000, 10_000] }, evidence()));
  assert.not(holds({ ...rule, atLeast: [9001, 10_000] }, evidence()));
  assert.ok(holds({ ...rule, atMost: [9000, 10_000] }, evidence()));
  assert.not(holds({ ...rule, atMost: [8999, 10_000] }, evidence()));
});

test("a jump is the second's gap less the first's", () => {
  const rule: Rule = { kind: "gap-jumps", checkpoints: ["x", "y"], atLeast: [40, 100] };
  assert.ok(holds(rule, tested(5000), evidence())); // 9/10 − 1/2
  assert.not(holds(rule, tested(4999), evidence()));
  assert.not(holds(rule, evidence(), tested(5000)));
});

test("a gain is the second's test accuracy less the first's, and may be a small loss", () => {
  const rule: Rule = {
    kind: "gain",
    checkpoints: ["x", "y"],
    atLeast: [-2, 100],
    atMost: [10, 100],
  };
  assert.equal(
    [4799, 4800, 6000, 6001].map((n) => holds(rule, tested(5000), tested(n))),
    [false, true, true, false],
  );
  const [value] = decide(rule, [tested(5000), tested(4800)]).values;
  assert.is(value?.checkpoint, "y");
  assert.is(value?.ours, "-1/50");
});

test("loss-order times each curve, keeps < strict and ≤ not, and never is no time", () => {
  const below = (part: number) => {
    const losses = Array.from({ length: 10 }, (_, k) => (k >= part ? 0.09 : 0.1));
    return evidence({ history: curve([1], [losses]) });
  };
  const rule: Rule = {
    kind: "loss-order",
    checkpoints: ["x", "y", "z"],
    threshold: 0.1,
    relations: ["<", "≤"],
    paper: [390, 1340, 1340],
  };
  assert.ok(holds(rule, below(0), below(1), below(1)));
  assert.not(holds(rule, below(1), below(1), below(1)));
  assert.not(holds(rule, below(0), below(2), below(1)));
  assert.not(holds(rule, below(0), below(1), below(10)));
  const { values } = decide(rule, [below(0), below(1), below(10)]);
  assert.equal(
    values.map(({ ours }) => ours),
    ["10", "20", "never"], // tenths of 100 steps
  );
  assert.is(values[1]?.paper, 1340);
});

test("time-grows: above the first, within the factor, never an epoch and more back", () => {
  const rule: Rule = {
    kind: "time-grows",
    checkpoints: ["x", "y", "z"],
    reached: [98, 100],
    atMost: 5,
  };
  const fitted = (epoch: number) =>
    evidence({
      history: curve(
        Array.from({ length: 20 }, (_, k) => (k + 1 >= epoch ? 0.98 : 48_999 / 50_000)),
      ),
    });
  const times = (...epochs: number[]) => holds(rule, ...epochs.map(fitted));
  assert.ok(times(2, 3, 10));
  assert.not(times(2, 3, 11)); // 5.5 times
  assert.not(times(2, 2, 3)); // no slower than the first
  assert.ok(times(2, 6, 5));
  assert.not(times(2, 6, 4));
  assert.not(times(2, 6, 5, 4)); // two back, one at a time
  assert.not(times(2, 3, 21)); // never
  assert.equal(
    decide(rule, [2, 3, 21].map(fitted)).values.map(({ ours }) => ours),
    ["2 (× 1.00)", "3 (× 1.50)", "never"],
  );
});

test("error-grows is strict", () => {
  const rule: Rule = { kind: "error-grows", checkpoints: ["x", "y", "z"] };
  assert.ok(holds(rule, tested(5000), tested(4999), tested(4998)));
  assert.not(holds(rule, tested(5000), tested(4999), tested(4999)));
});

test("a difference from the paper is told beyond two points", () => {
  const rule: Rule = { kind: "at-chance", checkpoints: x, paper: [10.5], reproduction: [10.7] };
  const points = (n: number) => decide(rule, [tested(n)]).values[0]?.points;
  assert.is(points(850), undefined); // 8.50 − 10.50
  assert.is(points(849), -2.01);
  assert.is(points(1251), 2.01);
  assert.is(decide(rule, [tested(849)]).values[0]?.reproduction, 10.7);
});

/** A history whose epochs end with these hits of 100. */
function counted(hits: { test: number; changed?: number; unchanged?: number }[]): Evidence {
  const of = (correct: number | undefined) => correct !== undefined && { correct, total: 100 };
  const history = curve(hits.map(() => 1)).map((epoch, k) => {
    const { test, changed, unchanged } = hits[k] as (typeof hits)[number];
    return {
      ...epoch,
      hits: Object.fromEntries(
        Object.entries({ test: of(test), changed: of(changed), unchanged: of(unchanged) }).filter(
          ([, found]) => found,
        ),
      ) as never,
    };
  });
  return evidence({ history });
}

test("stopping gains what the best epoch has over the last", () => {
  const rule: Rule = { kind: "stopping-gains", checkpoints: x, atMost: [2, 100] };
  assert.ok(holds(rule, counted([{ test: 50 }, { test: 52 }, { test: 50 }])));
  assert.not(holds(rule, counted([{ test: 50 }, { test: 53 }, { test: 50 }])));
});

test("hits that were not counted after each epoch decide nothing", () => {
  const rules: Rule[] = [
    { kind: "stopping-gains", checkpoints: x, atMost: [2, 100] },
    { kind: "unchanged-first", checkpoints: x, reached: [1, 2] },
  ];
  const all = { test: 50, unchanged: 90, changed: 40 };
  const { history } = counted([all, all]);
  const [first, last] = history as [History[number], History[number]];
  for (const rule of rules) {
    const verdict = (epochs: History) => {
      const found = evidence({ history: epochs, trained: true });
      const claim = { id: "c", group: "Figure 2", where: "", statement: "", rules: [rule] };
      return judge(claim, new Map([["x", found]]));
    };
    assert.is(verdict([first, last]).status, "reproduced");
    for (const epochs of [curve([1, 1]), [{ ...first, hits: undefined }, last]]) {
      const { status, reason } = verdict(epochs);
      assert.is(status, "not-evaluated");
      assert.is(reason, "the hits of x were not counted after each epoch");
    }
  }
});

test("unchanged-first wants an earlier epoch, not the same", () => {
  const rule: Rule = { kind: "unchanged-first", checkpoints: x, reached: [1, 2] };
  const history = (changed: number) => [
    { test: 0, unchanged: 50, changed },
    { test: 0, unchanged: 90, changed: 50 },
  ];
  assert.ok(holds(rule, counted(history(49))));
  assert.not(holds(rule, counted(history(50))));
});

test("outweighs compares the first pair's gain with every other's, and a tie is none", () => {
  const rule: Rule = { kind: "outweighs", checkpoints: ["a", "b", "c", "d"] };
  assert.ok(holds(rule, tested(1000), tested(1101), tested(500), tested(600)));
  assert.not(holds(rule, tested(1000), tested(1100), tested(500), tested(600)));
  assert.not(holds(rule, tested(1000), tested(1100)));
});

/** Answers to images whose true label is 0: a hit where the text has a "1". */
function answered(hits: string): Evidence {
  const predictions = Uint8Array.from(hits, (hit) => (hit === "1" ? 0 : 5));
  return evidence({ answers: { predictions, labels: new Uint8Array(hits.length) } });
}

test("McNemar's exact test, against values by hand", () => {
  assert.is(mcnemar(2, 8).p, 112 / 1024); // 2 · (45 + 10 + 1) / 2^10
  assert.is(mcnemar(5, 5).p, 1);
  assert.is(mcnemar(0, 0).p, 1);
  assert.is(mcnemar(0, 10).p, 2 / 1024);
  assert.ok(mcnemar(0, 11).rejects); // 2 / 2^11 = 1/1024
  assert.not(mcnemar(0, 10).rejects);
  assert.is(mcnemar(0, 3000).p, 0); // no double is so small
  assert.ok(mcnemar(0, 3000).rejects);
  assert.ok(Math.abs(mcnemar(1000, 1000).p - 1) < 1e-12);
});

test("better counts what one of two meets alone, and needs more than a fair coin gives", () => {
  const rule: Rule = { kind: "better", checkpoints: ["x", "y"] };
  const [eleven, ten] = [answered("1".repeat(11)), answered("01111111111")];
  const none = answered("0".repeat(11));
  assert.ok(holds(rule, none, eleven));
  assert.not(holds(rule, eleven, none), "it is the second that must be better");
  assert.not(holds(rule, none, ten));
  const [value] = decide(rule, [none, ten]).values;
  assert.is(value?.ours, "0 against 10");
  assert.equal(value?.paired, { onlyFirst: 0, onlySecond: 10, p: 0.002 });
  const gain: Rule = { ...rule, kind: "gain", atLeast: [-1, 1], atMost: [1, 1] };
  const { values } = decide(gain, [answered("1100"), answered("0111")]);
  assert.equal(values[0]?.paired, { onlyFirst: 1, onlySecond: 2, p: 1 });
  assert.is(decide(gain, [evidence(), evidence()]).values[0]?.paired, undefined);
});

test("agreement is of predictions, whether they are right or not", () => {
  const rule: Rule = { kind: "agree", checkpoints: ["x", "y"], atLeast: [3, 10_000] };
  assert.ok(holds(rule, answered("0011"), answered("1011")));
  assert.not(holds(rule, answered("0011"), answered("1010")));
  const same = (n: number) => answered("0".repeat(n) + "1".repeat(10_000 - n));
  const chance: Rule = { kind: "agree-at-chance", checkpoints: ["x", "y"] };
  assert.equal(
    [902, 903, 1100, 1101].map((n) => holds(chance, answered("0".repeat(10_000)), same(n))),
    [false, true, true, false],
  );
});

test("diluted: (1 − p) of the first's accuracy and a tenth of p, within the bound on either side", () => {
  const rule: Rule = {
    kind: "diluted",
    checkpoints: ["x", "y"],
    fraction: [1, 5],
    atMost: [5, 100],
  };
  // 4/5 · 8000/10000 + 1/50 = 66/100
  assert.is(decide(rule, [tested(8000), tested(6600)]).values[0]?.ours, "0/1");
  assert.equal(
    [6099, 6100, 7100, 7101].map((n) => holds(rule, tested(8000), tested(n))),
    [false, true, true, false],
  );
});

test("of what is missed the bound is with confidence, and what was not counted is not decided", () => {
  const rule: Rule = { kind: "confidently-wrong", checkpoints: x, atLeast: [1, 2] };
  const of = (confidentMisses: number) => evidence({ confidentMisses }); // of 9,000
  assert.ok(holds(rule, of(4500)));
  assert.not(holds(rule, of(4499)));
  assert.not(holds(rule, evidence({ test: { correct: 10, total: 10 }, confidentMisses: 0 })));
  const claim = { id: "c", group: "Beyond the paper", where: "", statement: "", rules: [rule] };
  const { status, reason } = judge(claim, new Map([["x", evidence()]]));
  assert.is(status, "not-evaluated");
  assert.is(reason, "how confidently x errs was not counted");
});

test("a norm grows by the bound at least, and what has none is not decided", () => {
  const rule: Rule = { kind: "norm-grows", checkpoints: ["x", "y"], atLeast: [11, 10] };
  const of = (norm: number) => evidence({ norm });
  assert.ok(holds(rule, of(10), of(11)));
  assert.ok(holds(rule, of(1.1), of(1.21))); // exactly, which no double is
  assert.not(holds(rule, of(10), of(10.99)));
  assert.not(holds(rule, evidence(), of(11)));
});

test.run();
