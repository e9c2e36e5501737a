/** Who comes too early waits, a place that is left is free, and what is too much is refused. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLimiter } from "../../../src/http/making/limiter.ts";
import { Problem } from "../../../src/http/answers/problem.ts";

const { signal } = new AbortController();

/** A task that ends when it is told to. */
function held() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { task: () => ended, end };
}

async function thrown(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => assert.unreachable("it was accepted"),
    (error) => error,
  );
}

test("one runs, the next waits, a third is refused", async () => {
  const limiter = createLimiter({ running: 1, waiting: 1 });
  const order: string[] = [];
  const first = held();
  const one = limiter.run(signal, first.task).then(() => order.push("one"));
  const two = limiter.run(signal, async () => order.push("two"));
  const refused = (await thrown(limiter.run(signal, async () => {}))) as Problem;
  assert.instance(refused, Problem);
  assert.equal(refused.headers, { "Retry-After": "1" });
  assert.is(limiter.running(), 1);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(order, []); // the second has not begun
  first.end();
  await Promise.all([one, two]);
  assert.equal(order.toSorted(), ["one", "two"]);
  assert.is(limiter.running(), 0);
});

test("who leaves while waiting leaves no place behind", async () => {
  const limiter = createLimiter({ running: 1, waiting: 1 });
  const first = held();
  const one = limiter.run(signal, first.task);
  const client = new AbortController();
  const two = thrown(limiter.run(client.signal, async () => assert.unreachable("it ran")));
  client.abort(new Error("gone"));
  assert.is(((await two) as Error).message, "gone");
  limiter.assertRoom();
  first.end();
  await one;
  assert.is(await limiter.run(signal, async () => 7), 7);
  assert.is(limiter.running(), 0);
});

test("a place that was left before its task came is given back once", async () => {
  const limiter = createLimiter({ running: 1, waiting: 1 });
  const { signal: own } = new AbortController();
  const place = limiter.hold("client");
  place.leave();
  assert.is(limiter.taken(), 0);
  place.use(own);
  assert.is(limiter.taken(), 0);
  assert.is(await limiter.run(own, async () => limiter.taken()), 1);
  assert.is(limiter.taken(), 0);
  const kept = limiter.hold("client");
  kept.use(own);
  assert.is(await limiter.run(own, async () => limiter.taken()), 1);
  kept.leave();
  assert.is(limiter.taken(), 0);
});

test("a task that fails gives its place back", async () => {
  const limiter = createLimiter({ running: 1, waiting: 0 });
  const failing = async () => {
    throw new Error("failed");
  };
  await thrown(limiter.run(signal, failing));
  assert.is(limiter.running(), 0);
});

test.run();
