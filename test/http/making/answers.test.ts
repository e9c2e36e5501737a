/** What is computed once: for all who ask meanwhile, and for processes that keep answers for each other. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { keepAnswers } from "../../../src/http/making/answers.ts";

const { signal } = new AbortController();

/** Answers of processes that share them, which takes a moment. */
function sharing() {
  const texts = new Map<string, string>();
  return {
    texts,
    async get(digest: string) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return texts.get(digest);
    },
    async put(digest: string, text: string) {
      texts.set(digest, text);
    },
  };
}

test("work is under way as soon as it is asked for, so that who asks next needs no place", async () => {
  for (const shared of [undefined, sharing()]) {
    const answers = keepAnswers(1000, shared);
    let count = 0;
    const compute = async () => `computed ${++count}`;
    const first = answers.get("digest", signal, compute);
    assert.ok(answers.signalOf("digest"));
    const both = await Promise.all([first, answers.get("digest", signal, compute)]);
    assert.equal(both, ["computed 1", "computed 1"]);
    assert.is(answers.signalOf("digest"), undefined);
    assert.is(answers.known("digest"), "computed 1");
  }
});

test("what another process has computed is found, but not by who wants it computed now", async () => {
  const shared = sharing();
  shared.texts.set("digest", "found");
  const answers = keepAnswers(1000, shared);
  assert.is(await answers.get("digest", signal, async () => "computed"), "found");
  const fresh = await answers.get("digest", signal, async () => "computed", { fresh: true });
  assert.is(fresh, "computed");
  assert.is(shared.texts.get("digest"), "computed");
  const again = keepAnswers(1000, shared);
  const anew = again.get("digest", signal, async () => "computed now", { fresh: true });
  assert.is(await again.get("digest", signal, async () => "not computed"), "computed now");
  assert.is(await anew, "computed now");
});

test.run();
