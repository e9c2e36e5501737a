/** What Figure 1 reads off histories, and what it says where there are none. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { epochsToFit, lossCurve, stepsToLoss } from "../../src/claims/curve.ts";
import { figure1 } from "../../src/claims/figure-data.ts";
import { curve, evidence } from "./evidence.ts";

const falling = [1.9, 1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0];
const history = curve([0.5, 0.98], [falling, falling.map((loss) => loss - 1)]);

test("a curve has ten points an epoch, each at the end of its tenth", () => {
  const points = lossCurve(history);
  assert.is(points.length, 20);
  assert.equal(points[0], { steps: 10, loss: 1.9 });
  assert.equal(points[9], { steps: 100, loss: 1.0 });
  assert.equal(points[10], { steps: 110, loss: falling.map((loss) => loss - 1)[0] });
});

test("a tenth of 391 steps ends where the trainer begins the next", () => {
  const [entry] = curve([1]);
  const steps = lossCurve(entry ? [{ ...entry, steps: 391 }] : []).map((point) => point.steps);
  assert.equal(steps, [40, 79, 118, 157, 196, 235, 274, 313, 352, 391]);
});

test("below is strict, and never is undefined", () => {
  assert.is(stepsToLoss(history, 1), 110);
  assert.is(stepsToLoss(history, 0), undefined);
  assert.is(epochsToFit(history, [98, 100], 50_000), 2);
  assert.is(epochsToFit(history, [99, 100], 50_000), undefined);
});

test("what is not published is null beside the paper's number", () => {
  const found = evidence({ history, train: { correct: 49_999, total: 50_000 } });
  const { a, bAndC } = figure1(new Map([["inception.true", found]]));
  assert.is(a[0]?.loss?.length, 20);
  assert.equal(a[0]?.below, [
    { threshold: 1, steps: 110, paper: 390 },
    { threshold: 0.1, steps: 200, paper: 3110 },
  ]);
  assert.is(a[1]?.loss, null);
  assert.is(a[1]?.below[0]?.steps, null);
  const [none, some] = bAndC.nets[0]?.points ?? [];
  assert.is(none?.epochs, 2);
  assert.equal(none?.train, { errors: 1, of: 50_000 });
  assert.equal(none?.test, { errors: 9000, of: 10_000 });
  assert.is(none?.paperTestErrorPercent, 12.85);
  assert.is(none?.testErrorPercentIfCorrupted, 90);
  const half = evidence({ history, test: { correct: 5_000, total: 10_000 } });
  const points = figure1(new Map([["inception.noise-20", half]])).bAndC.nets[0]?.points;
  assert.is(points?.[1]?.testErrorPercentIfCorrupted, 58); // 1 − (0.5 · 0.8 + 0.02)
  assert.is(some?.checkpoint, "inception.noise-20");
  assert.is(some?.test, null);
  assert.is(some?.paperFactor, 1.9);
});

test.run();
