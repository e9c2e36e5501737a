/** Models stay loaded while they are used, and one that failed is loaded anew. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Runtime } from "../../../src/evaluation/runtimes/runtime.ts";
import { sharedSessions } from "../../../src/http/making/shared-sessions.ts";

const images = new Uint8Array();

/** A runtime that tells what it did; `broken` says of the nth model, from 0, what fails. */
function told(broken: (n: number) => "load" | "run" | undefined = () => undefined) {
  const done = { loaded: 0, closed: 0 };
  const runtime: Runtime = {
    name: "native",
    package: "none",
    version: "0.0.0",
    async load() {
      const n = done.loaded++;
      if (broken(n) === "load") throw new Error("no load");
      return {
        imageBytes: 3072,
        async run() {
          if (broken(n) === "run") throw new Error("no run");
          return Float32Array.of(n);
        },
        async close() {
          done.closed++;
        },
      };
    },
  };
  return { runtime, done };
}

async function failure(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "none",
    (error: Error) => error.message,
  );
}

test("equal bytes are loaded once, and closed when they are neither kept nor used", async () => {
  const { runtime, done } = told();
  const shared = sharedSessions(runtime, 1);
  const [one, two] = await Promise.all([1, 1].map((byte) => shared.load(Uint8Array.of(byte))));
  assert.is(done.loaded, 1);
  const other = await shared.load(Uint8Array.of(2)); // there is room for one beside those in use
  await one?.close();
  await one?.close(); // a second time is none
  assert.is(done.closed, 0);
  assert.equal(await two?.run(images), Float32Array.of(0));
  await two?.close();
  assert.is(done.closed, 1);
  await other.close();
  assert.is(done.closed, 1);
});

test("a session that failed is not given to the next, nor a model that did not load", async () => {
  for (const what of ["run", "load"] as const) {
    const { runtime, done } = told((n) => (n === 0 ? what : undefined));
    const shared = sharedSessions(runtime, 1);
    const first = async () => await (await shared.load(Uint8Array.of(1))).run(images);
    assert.is(await failure(first()), `no ${what}`);
    assert.equal(await first(), Float32Array.of(1));
    assert.is(done.loaded, 2);
  }
});

test.run();
