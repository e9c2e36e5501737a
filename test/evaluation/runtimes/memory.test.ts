/** Threads are as many as memory allows; where none fits, a line says what it takes. */
import { freemem, totalmem } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MachineFault } from "../../../src/datasets/storage.ts";
import { fittingThreads, freeMemory } from "../../../src/evaluation/runtimes/memory.ts";

const MIB = 2 ** 20;

test("475 MiB are one thread, 750 two, and never more than are wanted", () => {
  assert.is(fittingThreads(8, 475 * MIB), 1);
  assert.is(fittingThreads(8, 750 * MIB), 2);
  assert.is(fittingThreads(2, 64_000 * MIB), 2);
  assert.ok(fittingThreads(1) === 1, "this machine");
});

test("what macOS calls free is not what it has left", () => {
  assert.is(freeMemory("darwin"), totalmem() / 2);
  assert.ok(Math.abs(freeMemory("linux") - freemem()) < 2 ** 30);
});

test("too little says how much there is, and what would do", () => {
  try {
    fittingThreads(2, 200 * MIB);
    assert.unreachable("it began");
  } catch (error) {
    assert.instance(error, MachineFault);
    assert.match(
      (error as Error).message,
      /needs 475 MiB .* and 200 MiB are left.* --runtime native/,
    );
  }
});

test.run();
