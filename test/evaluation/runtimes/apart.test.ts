/** A runtime apart gives the very logits that it gives here, and survives bad files and its own end. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project } from "../../../src/local/project.ts";
import { InputError } from "../../../src/datasets/storage.ts";
import { openRuntime } from "../../../src/evaluation/runtimes/open.ts";
import { apart } from "../../../src/evaluation/runtimes/apart.ts";
import { largeModel, linearModel, slowModel } from "../../models.ts";
import { sharedSessions } from "../../../src/http/making/shared-sessions.ts";

const model = await project.read("models/theorem1.random-labels/model.onnx");
const images = Uint8Array.from({ length: 5 * 3072 }, (_, i) => (i * 2_654_435_761) >>> 24);

test("after its place has ended a session fails, and the next load starts another", async () => {
  const runtime = apart(await openRuntime("wasm"));
  try {
    const session = await runtime.load(model);
    runtime.stop();
    assert.is(session.alive?.(), false);
    const failed = await session.run(images).catch((error: unknown) => error);
    assert.match((failed as Error).message, /the \w+ of wasm ended/);
    await session.close();
    const again = await runtime.load(model);
    assert.is((await again.run(images)).length, 50);
  } finally {
    runtime.stop();
  }
});

for (const name of ["native", "wasm"] as const) {
  test(`a model that takes minutes loses its place on ${name}, and the next has another`, async () => {
    const runtime = apart(await openRuntime(name), { seconds: 5 });
    try {
      const work = async () => await (await runtime.load(slowModel())).run(images);
      const failed = await work().catch((error: unknown) => error);
      assert.match((failed as Error).message, new RegExp(`the \\w+ of ${name} ended`));
      assert.match(String((failed as Error).cause), /longer than 5 s/);
      const other = async () => await (await runtime.load(linearModel())).run(images);
      // On a busy machine the start alone may take too long, once or twice.
      const logits = await other().catch(other).catch(other).catch(other);
      assert.is(logits.length, 50);
    } finally {
      runtime.stop();
    }
  });
}

test("a model that would take more than a gigabyte of wasm's memory fails, and the next runs", async () => {
  const runtime = apart(await openRuntime("wasm"));
  try {
    const large = await runtime.load(largeModel(17_000)); // 1.16 GB
    const failed = await large.run(images).catch((error: unknown) => error);
    assert.match((failed as Error).message, /bad_alloc/);
    const session = await runtime.load(linearModel());
    assert.is((await session.run(images)).length, 50);
  } finally {
    runtime.stop();
  }
});

for (const name of ["native", "wasm"] as const) {
  test(`${name} gives the same logits apart`, async () => {
    const here = await openRuntime(name);
    const there = apart(here);
    try {
      const b = await there.load(model); // first: see apart
      const a = await here.load(model);
      const expected = await a.run(images);
      const [first, second] = await Promise.all([b.run(images), b.run(images)]);
      assert.equal(first, expected);
      assert.equal(second, expected);
      assert.is(images.length, 5 * 3072); // not given away
      const refused = await there.load(new Uint8Array(9)).catch((error: unknown) => error);
      assert.instance(refused, InputError);
      await a.close();
      await b.close();
    } finally {
      there.stop();
    }
  });
}

test("a shared model whose place has ended is loaded anew", async () => {
  const there = apart(await openRuntime("native"));
  const shared = sharedSessions(there, 1);
  try {
    await (await shared.load(linearModel())).close();
    there.stop();
    const session = await shared.load(linearModel());
    assert.is((await session.run(images)).length, 50);
    await session.close();
  } finally {
    there.stop();
  }
});

test("a shared model is loaded once, kept, and closed when another needs its place", async () => {
  const runtime = await openRuntime("wasm");
  const log: string[] = [];
  const shared = sharedSessions(
    {
      ...runtime,
      async load(bytes) {
        log.push(`load ${bytes.length}`);
        return {
          imageBytes: 3072,
          run: async () => new Float32Array(10),
          close: async () => void log.push(`close ${bytes.length}`),
        };
      },
    },
    1,
  );
  const [a, b] = [await shared.load(new Uint8Array(1)), await shared.load(new Uint8Array(1))];
  const other = await shared.load(new Uint8Array(2));
  await a.close();
  await a.close();
  assert.equal(log, ["load 1", "load 2"]);
  await b.close();
  await Promise.resolve();
  assert.equal(log, ["load 1", "load 2", "close 1"]);
  await other.close();
  assert.equal(log, ["load 1", "load 2", "close 1"]);
});

test.run();
