/** What the command line takes for a number. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { named, namedFolder, whole, workerName } from "../../src/cli/arguments.ts";

test("an integer lies between its bounds and is not rounded", () => {
  const side = whole(1, 32);
  assert.is(side("32"), 32);
  for (const wrong of ["0", "33", "1.5", "", "x", "-1", "1e1"])
    assert.throws(() => side(wrong), /^it must be an integer from 1 to 32\.$/);
  assert.is(whole(0)("0"), 0);
  assert.throws(
    () => whole(0)("9007199254740993"), // 2 ** 53 + 1
    /^it must be an integer of 0 or more, 9007199254740991 at most\.$/,
  );
  assert.throws(() => whole(0)("-1"), /^it must be an integer of 0 or more\.$/);
});

test("an empty text names nothing", () => {
  assert.is(named("a"), "a");
  assert.throws(() => named(""), /^it must name a file\.$/);
  assert.throws(() => namedFolder(""), /^it must name a folder\.$/);
});

test("a worker's name is no longer than an answer may have it", () => {
  assert.is(workerName("x".repeat(200)), "x".repeat(200));
  for (const wrong of ["", "x".repeat(201)])
    assert.throws(() => workerName(wrong), /^it must have 1 to 200 characters\.$/);
});

test.run();
