/** What a history must be to be read. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { InputError, MismatchError } from "../../src/datasets/storage.ts";
import { parseHistory } from "../../src/evaluation/history.ts";
import { curve } from "../claims/evidence.ts";

const read = (data: unknown) => parseHistory(JSON.stringify(data), "x");

test("epochs in order are read, and none for what was constructed", () => {
  assert.is(read(curve([0.1, 0.2])).length, 2);
  assert.equal(read([]), []);
  const [one] = curve([0.1], [[2, 1]]);
  assert.is(read([{ ...one, steps: 2 }]).length, 1, "of two steps, which training may take");
});

test("a missing epoch and one without steps contradict the rest", () => {
  const [one, two] = curve([0.1, 0.2]);
  const mismatch = (data: unknown, line: RegExp) =>
    assert.throws(
      () => read(data),
      (error: Error) => error instanceof MismatchError && line.test(error.message),
    );
  mismatch([two], /models\/x\/history\.json: entry 0 is not of epoch 1/);
  mismatch([{ ...one, losses: [1] }], /entry 0 has not the losses of the tenths/);
  mismatch([one, { ...two, steps: one?.steps }], /entry 1 is not of epoch 2, or takes no step/);
});

test("what is no history is named in a line", () => {
  const wrong = (text: string, line: RegExp) =>
    assert.throws(
      () => parseHistory(text, "x"),
      (error: Error) => error instanceof InputError && line.test(error.message),
    );
  const [one] = curve([0.1]);
  wrong("[", /models\/x\/history\.json is not JSON/);
  wrong(JSON.stringify([{ ...one, accuracy: 2 }]), /0\.accuracy: /);
  wrong(JSON.stringify([{ ...one, losses: [] }]), /0\.losses: /);
  wrong(JSON.stringify([{ ...one, loss: null }]), /0\.loss: /);
});

test.run();
