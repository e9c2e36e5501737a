/** Exact fractions against arithmetic by hand. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compare, half, ofDecimal, ofPercent, percent, subtract } from "../src/fraction.ts";

test("differences are in lowest terms", () => {
  assert.equal(subtract([50_000, 50_000], [1040, 10_000]), [112, 125]);
  assert.equal(subtract([1, 3], [1, 2]), [-1, 6]);
  assert.equal(subtract([1, 2], [2, 4]), [0, 1]);
});

test("they are exact where their products are no safe integers", () => {
  const gap = subtract([49_991, 49_999], [5077, 10_000]);
  const other = subtract([49_617, 49_997], [907, 10_000]);
  assert.equal(subtract(other, gap), [1023816957251, 2499800003000]);
  assert.ok(
    compare([9007199254740991, 9007199254740990], [9007199254740990, 9007199254740989]) < 0,
  );
  assert.throws(() => subtract([1, 9007199254740991], [1, 9007199254740990]), /safe integers/);
});

test("a decimal is exactly what is written", () => {
  assert.equal(ofDecimal(41.277), [41_277, 1000]);
  assert.equal(ofDecimal(1607), [1607, 1]);
  assert.equal(ofDecimal(1.2345e-7), [12_345, 1e11]);
  assert.is(compare(ofDecimal(1.21), [11 * 11, 10 * 10]), 0);
});

test("half of a percentage is exact where it has three decimals", () => {
  assert.equal(ofPercent(99.34), [9934, 10_000]);
  assert.equal(half(ofPercent(75.97)), [7597, 20_000]); // 37.985 %
  assert.ok(compare([37_985, 100_000], half(ofPercent(75.97))) === 0);
  assert.throws(() => ofPercent(37.985), /37.985 % has more than two decimals/);
});

test("a percentage shows every count of CIFAR-10 as it is", () => {
  assert.is(percent([50_000, 50_000]), "100.00");
  assert.is(percent([49_999, 50_000]), "99.998");
  assert.is(percent([49_670, 50_000]), "99.34");
  assert.is(percent([9999, 10_000]), "99.99");
});

test.run();
