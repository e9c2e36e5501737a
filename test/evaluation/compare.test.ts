/** What counts as a match: predictions, counts, and on wasm the logits to the bit. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { compareShard, logitsDigest, resultOf, worst } from "../../src/evaluation/compare.ts";
import { predict } from "../../src/evaluation/evaluate.ts";
import { type Fixture, gapOf, type SplitFixture } from "../../src/evaluation/fixture.ts";
import { fragileExamples, largestDeviation, margins } from "../../src/evaluation/margin.ts";
import { sampleShards } from "../../src/evaluation/verify.ts";

const logits = new Float32Array(20).fill(-1);
logits[3] = 1;
logits[10 + 7] = 2;
const predictions = predict(logits);
const evaluated = {
  split: "test" as const,
  start: 0,
  end: 2,
  correct: 1,
  correctOnTrueLabels: 1,
  given: Uint8Array.of(3, 0),
  predictions,
  logits,
};
const splitFixture: SplitFixture = {
  total: 2,
  correct: 1,
  predictions: { sha256: "", file: "" },
  shards: [{ start: 0, end: 2, correct: 1, predictionsSha256: await sha256Hex(predictions) }],
  margin: { min: 2, deviation: 0, fragile: [1] },
  reference: [{ start: 0, end: 2, logitsSha256: await logitsDigest(logits) }],
};

/** Compares what was evaluated, changed by `change`, with the fixture, changed by `fixture`. */
async function compare(
  name: "native" | "wasm",
  change: Partial<typeof evaluated> = {},
  fixture: Partial<SplitFixture> = {},
  version = "1.0.0",
) {
  const split = { ...splitFixture, ...fixture };
  const made = { package: "onnxruntime", version: "1.0.0" };
  const published = {
    fixture: { splits: { test: split }, runtime: { native: made, wasm: made } } as Fixture,
    predictions: { train: predictions, test: predictions },
  };
  const result = await resultOf({ name }, { ...evaluated, ...change });
  return await compareShard(published, "test", { name, version }, result);
}

test("the largest logit predicts, the lowest index on a tie", () => {
  assert.equal([...predictions], [3, 7]);
  assert.equal([...predict(new Float32Array(10))], [0]);
});

test("equal is a match on both runtimes", async () => {
  assert.is((await compare("native")).result, "match");
  assert.is((await compare("wasm")).result, "match");
});

test("another last bit of a logit matters on wasm alone", async () => {
  const changed = { logits: logits.map((x, i) => (i === 0 ? x + 2 ** -23 : x)) };
  assert.is((await compare("native", changed)).result, "match");
  const { result, reason } = await compare("wasm", changed);
  assert.is(result, "mismatch");
  assert.is(reason, "the logits of 0 to 2 have another digest");
});

test("on another version of the runtime the reason names both", async () => {
  const changed = { logits: logits.map((x) => x / 2) };
  assert.is((await compare("wasm", {}, {}, "2.0.0")).result, "match");
  const { reason } = await compare("wasm", changed, {}, "2.0.0");
  assert.match(reason, /another digest \(onnxruntime 1\.0\.0 made the fixture, this is 2\.0\.0\)$/);
});

test("a margin below the published one is a mismatch where logits are compared", async () => {
  const margin = { min: 2.5, deviation: 0, fragile: [] };
  const { result, reason } = await compare("wasm", {}, { margin });
  assert.is(result, "mismatch");
  assert.is(reason, "the margins go down to 2, not 2.5");
});

test("a fragile example may differ and is then not certified; another may not", async () => {
  const fragile = { predictions: Uint8Array.of(3, 8) };
  assert.is((await compare("native", fragile)).result, "not-certified");
  const firm = await compare("native", { predictions: Uint8Array.of(4, 7) });
  assert.is(firm.result, "mismatch");
  assert.match(firm.reason, /1 predictions differ, first example 0/);
});

test("a shard's published digest must be that of its predictions", async () => {
  const shards = splitFixture.shards.map((s) => ({ ...s, predictionsSha256: "0".repeat(64) }));
  const { result, reason } = await compare("native", {}, { shards });
  assert.is(result, "mismatch");
  assert.is(reason, "the published digest of the predictions is another");
});

test("on wasm, where logits are published, no example may differ", async () => {
  const turned = logits.slice();
  turned[10 + 8] = 3;
  const fragile = { predictions: predict(turned), logits: turned };
  assert.is((await compare("wasm", fragile)).result, "mismatch");
  assert.is((await compare("wasm", fragile, { reference: [] })).result, "not-certified");
});

test("wasm draws among the shards whose logits are published, native among all", () => {
  const shards = [0, 1, 2, 3, 4].map((start) => ({ start, end: start + 1 }));
  const split = {
    ...splitFixture,
    shards: shards.map((range) => ({ ...range, correct: 0, predictionsSha256: "" })),
    reference: [1, 3].map((start) => ({ start, end: start + 1, logitsSha256: "" })),
  };
  const starts = (runtime: "native" | "wasm", count: number | "all") =>
    sampleShards(split, "test", { shards: count, seed: 1 }, runtime).map(({ start }) => start);
  assert.equal(starts("wasm", 5), [1, 3]);
  assert.equal(starts("wasm", "all"), [0, 1, 2, 3, 4]);
  assert.equal(starts("native", 5), [0, 1, 2, 3, 4]);
  assert.is(starts("native", 2).length, 2);
});

test("margin and deviation make an example fragile up to twice the deviation", () => {
  const all = margins(logits);
  assert.equal([...all], [2, 3]);
  assert.equal(fragileExamples(all, 1), [0]);
  assert.equal(fragileExamples(all, 0.9), []);
  assert.is(
    largestDeviation(
      logits,
      logits.map((x) => x - 0.5),
    ),
    0.5,
  );
});

test("gaps are exact fractions in lowest terms", () => {
  // 50000/50000 − 992/10000 = 9008/10000 = 563/625
  assert.equal(gapOf({ correct: 50_000, total: 50_000 }, { correct: 992, total: 10_000 }), {
    numerator: 563,
    denominator: 625,
    decimal: "0.9008",
  });
  // 1/4 − 1/2 = −1/4
  assert.equal(gapOf({ correct: 1, total: 4 }, { correct: 1, total: 2 }), {
    numerator: -1,
    denominator: 4,
    decimal: "-0.2500",
  });
});

test("the worst result stands for all, and none is no pass", () => {
  assert.is(worst(["match", "not-certified", "mismatch"]), "mismatch");
  assert.is(worst(["match", "not-certified"]), "not-certified");
  assert.is(worst(["match"]), "match");
  assert.is(worst([]), "not-certified");
});

test.run();
