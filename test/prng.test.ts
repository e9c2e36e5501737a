/** The keyed generator against values of an independent program. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { keyed, keyedState, permutation } from "../src/prng.ts";
import vectors from "./vectors.json" with { type: "json" };

for (const { key, state, words, below10 } of vectors.generator) {
  const [, purpose, seed, i] = key.split("/") as [string, string, string, string];
  test(`${key}: state, words, below(10)`, () => {
    assert.equal([...keyedState(purpose, Number(seed), Number(i))], state);
    const forWords = keyed(purpose, Number(seed), Number(i));
    assert.equal(
      words.map(() => forWords.next()),
      words,
    );
    const forBelow = keyed(purpose, Number(seed), Number(i));
    assert.equal(
      below10.map(() => forBelow.below(10)),
      below10,
    );
  });
}

test("permutations start as the vectors say and hold each index once", () => {
  const shuffle = permutation(keyed("shuffle", vectors.shuffle.seed, 0), 1024);
  assert.equal([...shuffle.slice(0, 16)], vectors.shuffle.first16);
  const random = permutation(
    keyed("random-pixels", vectors.randomPixels.seed, vectors.randomPixels.index),
    1024,
  );
  assert.equal([...random.slice(0, 16)], vectors.randomPixels.first16);
  assert.equal(
    [...shuffle].sort((a, b) => a - b),
    Array.from({ length: 1024 }, (_, k) => k),
  );
});

test("wrong bounds, seeds and indices are range errors", () => {
  for (const n of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
    assert.throws(
      () => keyed("labels", 0, 0).below(n),
      (e: unknown) => e instanceof RangeError,
    );
  }
  assert.throws(
    () => keyed("labels", -1, 0),
    (e: unknown) => e instanceof RangeError,
  );
  assert.throws(
    () => keyed("labels", 0, 0.5),
    (e: unknown) => e instanceof RangeError,
  );
});

test.run();
