/** Whatever is printed, a terminal shows it and does nothing else. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { oneLine, visible } from "../src/print.ts";

test("sequences of a terminal become text", () => {
  assert.is(visible("\x1b[2J\x1b]0;owned\x07"), "\\u001b[2J\\u001b]0;owned\\u0007");
  assert.is(visible("\x9b2J\x7f\r"), "\\u009b2J\\u007f\\u000d"); // C1, DEL and CR do as much
});

test("so do characters that hide or turn others", () => {
  assert.is(
    visible("a\u202eb\u2066c\u200bd\ufeff\u2028"),
    "a\\u202eb\\u2066c\\u200bd\\ufeff\\u2028",
  );
  assert.is(visible("\u{e0041}\ud800"), "\\udb40\\udc41\\ud800");
});

test("text, lines and tables stay what they are", () => {
  const text = "λ ≥ 5·10⁻⁴\t│ 数字\n😀";
  assert.is(visible(text), text);
});

test("of JSON it is the same JSON", () => {
  const value = { name: "\x1b[31m\x9b\u202e\u{e0041}", n: 1 };
  assert.equal(JSON.parse(visible(JSON.stringify(value, null, 1))), value);
});

test("one line is one, and of bounded length", () => {
  assert.is(oneLine("a\nall that ran matched"), "a\\u000aall that ran matched");
  assert.is(oneLine("x".repeat(1000)).length, 301);
});

test.run();
