/** A server asked shard by shard: busy, broken, lying, and interrupted. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import type { Answer } from "../../src/client/evaluations.ts";
import { type AnswerStore, remoteVerifier } from "../../src/client/remote.ts";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { InputError, MismatchError } from "../../src/datasets/storage.ts";
import { readPublished } from "../../src/evaluation/published.ts";
import { sampleShards } from "../../src/evaluation/verify.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { createApp } from "../../src/http/app.ts";
import { createService } from "../../src/http/service.ts";

const id = "mlp-1x512.random-labels";
const published = await readPublished(project, id);
const app = createApp(
  createService({
    project,
    dataset: await openDataset(),
    runtimes: [await openRuntime("native"), await openRuntime("wasm")],
    counting: false,
    limits: { running: 2, waiting: 100, seconds: 60 },
    log: () => {},
  }),
);

/** Answers kept in memory, and how often a checkpoint was done. */
function memory() {
  const kept = new Map<string, Map<string, Answer>>();
  const store: AnswerStore = {
    load: async (fixture) => new Map(kept.get(fixture)),
    save: async (fixture, _runtime, answers) => {
      kept.set(fixture, new Map(answers));
    },
    clear: async (fixture) => {
      kept.delete(fixture);
    },
  };
  return { store, size: () => kept.get(published.fixtureSha256)?.size ?? 0 };
}

type Twist = (asked: number, answer: () => Promise<Response>) => Promise<Response>;

/** Verifies by the application behind a twist; says how many requests it took. */
async function verify(
  twist: Twist = (_, answer) => answer(),
  shards: number | "all" = 1,
  store = memory().store,
  runtime: "native" | "wasm" = "native",
  of = published,
) {
  let asked = 0;
  const fetch = async (...args: Parameters<typeof globalThis.fetch>) => {
    const request = new Request(...args);
    return await twist(asked++, async () => await app.fetch(request));
  };
  const origin = new URL("http://rethink.test");
  const verifier = remoteVerifier({ origin, runtime, concurrency: 4, store, fetch });
  const drawn = (split: "train" | "test") =>
    sampleShards(of.fixture.splits[split], split, { shards, seed: 7 }, runtime);
  const work = { train: drawn("train"), test: drawn("test") };
  const result = verifier.verify(of, work, () => {});
  return { verification: await result, asked, runtime: verifier.runtime() };
}

async function refused(twist: Twist, kind: typeof InputError, message: RegExp) {
  await verify(twist).then(
    () => assert.unreachable(`${message} was accepted`),
    (error) => {
      assert.match(error.message, message);
      assert.instance(error, kind);
    },
  );
}

/** Changes the evaluation in an answer. */
function changing(
  change: (evaluation: {
    correct: number;
    predictions: number[];
    predictionsSha256: string;
    logitsSha256?: string | undefined;
    start: number;
  }) => unknown,
): Twist {
  return async (_, answer) => {
    const evaluation = (await (await answer()).json()) as Parameters<typeof change>[0];
    await change(evaluation);
    return Response.json(evaluation);
  };
}

test("many requests add up to the published counts", async () => {
  const { verification, asked, runtime } = await verify(undefined, "all");
  assert.is(verification.result, "match");
  assert.is(asked, 60); // 50 shards of train, 10 of test
  for (const split of ["train", "test"] as const) {
    const sum = verification.splits[split].reduce((s, c) => s + c.recomputed, 0);
    assert.is(sum, published.fixture.splits[split].correct);
  }
  assert.is(runtime.package, "onnxruntime-node");
});

/** Does some work without its pauses of 0.2 s to 30 s, which it gives back in milliseconds. */
async function hurried(work: () => Promise<unknown>): Promise<number[]> {
  const { setTimeout } = globalThis;
  const pauses: number[] = [];
  globalThis.setTimeout = ((callback: () => void, ms = 0) => {
    const isPause = ms >= 200 && ms <= 30_000;
    if (isPause) pauses.push(ms);
    return setTimeout(callback, isPause ? 0 : ms);
  }) as typeof setTimeout;
  try {
    await work();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  return pauses;
}

const refusing = (status: number, after: string) =>
  new Response("", { status, headers: { "Retry-After": after } });

test("a busy server is asked again when it says", async () => {
  const pauses = await hurried(async () => {
    const { verification, asked } = await verify(async (n, answer) =>
      n < 20 ? refusing(429, "2") : await answer(),
    );
    assert.is(verification.result, "match");
    assert.is(asked, 22);
  });
  assert.equal(pauses, Array(20).fill(2000));
});

test("a server that only fails is asked five times again, after longer and longer pauses", async () => {
  const backoff = [300, 600, 1200, 2400, 4800]; // 0.3 · 2^k s
  for (const after of ["0", "-1", "Thu, 01 Jan 1970 00:00:00 GMT", "soon"]) {
    let asked = 0;
    const pauses = await hurried(() =>
      refused(
        async () => {
          asked++;
          return refusing(503, after);
        },
        InputError,
        /the server answers 503/,
      ),
    );
    assert.ok(asked >= 6 && asked <= 12, `asked ${asked} times`); // two questions, at once
    assert.equal([...new Set(pauses)], backoff, after);
  }
});

/** An answer of which only the first byte comes. */
function cutShort(): Response {
  const body = new ReadableStream({
    start: (stream) => stream.enqueue(new TextEncoder().encode("{")),
    pull: (stream) => stream.error(new TypeError("terminated")),
  });
  return new Response(body);
}

test("a connection that breaks and a server that fails once are asked again", async () => {
  const { verification, asked } = await verify(async (n, answer) => {
    if (n === 0) throw new TypeError("fetch failed");
    if (n === 1) return cutShort();
    return n === 2 ? new Response("", { status: 502 }) : await answer();
  });
  assert.is(verification.result, "match");
  assert.is(asked, 5);
});

test("an interrupted run goes on without asking for what it has", async () => {
  const { store, size } = memory();
  const broken: Twist = async (n, answer) =>
    n < 20 ? await answer() : new Response("", { status: 404 });
  await verify(broken, "all", store).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /the server answers 404/),
  );
  const kept = size();
  assert.ok(kept >= 17 && kept <= 20, `${kept} kept`); // up to 4 were under way
  const { verification, asked } = await verify(undefined, "all", store);
  assert.is(verification.result, "match");
  assert.is(asked, 60 - kept);
  assert.is(size(), 60); // a run of more checkpoints that is interrupted later has them
});

test("answers about a model are not taken for those on another view of it", async () => {
  const { store } = memory();
  await verify(undefined, 1, store);
  const other = structuredClone(published);
  other.fixtureSha256 = "0".repeat(64);
  for (const split of ["train", "test"] as const)
    for (const shard of other.fixture.splits[split].shards) shard.correct++; // by other labels
  const relabelled = changing((e) => e.correct++);
  const { verification, asked } = await verify(relabelled, 1, store, "native", other);
  assert.is(verification.result, "match");
  assert.is(asked, 2);
});

test("a count or a prediction that differs is a mismatch", async () => {
  const counted = await verify(changing((e) => e.correct++));
  assert.is(counted.verification.result, "mismatch");
  const predicted = await verify(
    changing(async (e) => {
      e.predictions[5] = ((e.predictions[5] as number) + 1) % 10;
      e.predictionsSha256 = await sha256Hex(Uint8Array.from(e.predictions));
    }),
  );
  assert.is(predicted.verification.result, "mismatch");
  const [first] = predicted.verification.splits.train;
  assert.match(first?.reason ?? "", /1 predictions differ, first example \d+005$/);
});

test("an answer that did not match is not kept", async () => {
  const { store, size } = memory();
  const wrong = await verify(
    changing((e) => e.correct++),
    1,
    store,
  );
  assert.is(wrong.verification.result, "mismatch");
  assert.is(size(), 0);
  const { verification, asked } = await verify(undefined, 1, store);
  assert.is(verification.result, "match");
  assert.is(asked, 2);
});

test("on wasm the digest of the logits is compared, and one must come", async () => {
  assert.is((await verify(undefined, 1, undefined, "wasm")).verification.result, "match");
  const other = changing((e) => {
    e.logitsSha256 = "0".repeat(64);
  });
  const { verification } = await verify(other, 1, undefined, "wasm");
  assert.is(verification.result, "mismatch");
  assert.match(verification.splits.test[0]?.reason ?? "", /^the logits of \d+ to \d+ have another/);
  const none = changing((e) => {
    e.logitsSha256 = undefined;
  });
  await verify(none, 1, undefined, "wasm").then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /it has no digest of the logits/),
  );
});

test("an answer that contradicts itself or the question is refused", async () => {
  const digest = changing((e) => {
    e.predictions[5] = ((e.predictions[5] as number) + 1) % 10;
  });
  await refused(digest, MismatchError, /digest of its predictions is another/);
  const cut = changing((e) => e.predictions.pop());
  await refused(cut, MismatchError, /it has 999 predictions/);
  const elsewhere = changing((e) => e.start++);
  await refused(elsewhere, MismatchError, /start is \d+1, not \d+0/);
  await refused(
    changing((e) => {
      e.correct = -1;
    }),
    InputError,
    /the server's answer: correct/,
  );
});

test("what is no answer is one line", async () => {
  const html = async () => new Response("<html>");
  await refused(html, InputError, /the server's answer is not JSON/);
  const other = async () =>
    Response.json({ type: "/problems/other-digest", detail: "it has another" }, { status: 404 });
  await refused(other, MismatchError, /the server answers 404: it has another/);
  const late = async () => new Response("", { status: 429, headers: { "Retry-After": "3600" } });
  await refused(late, InputError, /the server answers 429/);
});

test.run();
