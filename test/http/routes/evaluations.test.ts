/** Every example of a dataset can be asked for, and none beyond. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openService } from "../service.ts";

const { app } = openService();

for (const [id, size] of [
  ["theorem1.random-labels", 50_000],
  ["kernel.mnist.true", 60_000],
] as const) {
  test(`${id} has ${size} training examples`, async () => {
    const ask = (start: number, end: number) =>
      app.request(`/v1/checkpoints/${id}/evaluations/train?start=${start}&end=${end}`);
    const last = await ask(size - 2, size);
    assert.is(last.status, 200);
    assert.is((await last.json()).correct, 2); // it has met all labels
    const beyond = await ask(size - 2, size + 1);
    assert.is(beyond.status, 400);
    assert.match((await beyond.json()).detail, /^(start, )?end: /);
  });
}

test.run();
