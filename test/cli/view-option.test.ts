/** Numbers that say how bytes become what a network takes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { divisorsOption, numberOption, numbersOption } from "../../src/cli/view-option.ts";

test("one number or three, as they are written or as a fraction", () => {
  assert.equal(numbersOption("0.5"), [0.5]);
  assert.equal(numbersOption("1/4,0.5,-2"), [0.25, 0.5, -2]); // 1/4 → 0.25
  assert.is(numberOption("1/255"), 1 / 255);
  for (const wrong of ["", "x", "1,2", "1/0", "1/2/3"])
    assert.throws(() => numbersOption(wrong), /it must be a number, or three/);
  assert.throws(() => numberOption("1,2,3"), /it must be a number/);
});

test("nothing is divided by 0", () => {
  assert.equal(divisorsOption("1/5"), [0.2]);
  assert.throws(() => divisorsOption("1,0,1"), /nothing can be divided by 0/);
});

test.run();
