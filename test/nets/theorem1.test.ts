/** The construction on points small enough to check by hand. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { direction, interpolate, project } from "../../src/nets/theorem1.ts";

function evaluate(z: number, b: Float64Array, w: Float64Array): number {
  return w.reduce((sum, weight, j) => sum + weight * Math.max(z - (b[j] as number), 0), 0);
}

test("three points: b is the projection before, w the change of slope", () => {
  // sorted: z = 1, 3, 7 with labels 2, 6, 4; slopes 2/1, 4/2, −2/4
  const { b, w } = interpolate(Float64Array.of(3, 1, 7), Uint8Array.of(6, 2, 4));
  assert.equal([...b], [0, 1, 3]);
  assert.equal([...w], [2, 0, -2.5]);
  assert.equal(
    [1, 3, 7].map((z) => evaluate(z, b, w)),
    [2, 6, 4],
  );
});

test("points that share a projection are a range error", () => {
  assert.throws(
    () => interpolate(Float64Array.of(3, 1, 3), Uint8Array.of(6, 2, 4)),
    (e: unknown) => e instanceof RangeError,
  );
});

test("the direction is integers in ±2²⁰, so projections are exact", () => {
  const a = direction(0, 3072);
  assert.ok(a.every((x) => Number.isInteger(x) && Math.abs(x) <= 2 ** 20));
  assert.equal([...project(Float64Array.of(2, -3), Uint8Array.of(1, 1, 10, 0))], [-1, 20]);
});

test.run();
