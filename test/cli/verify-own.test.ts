/** A network of one's own that does not fit its fixture: JSON says so too, in the names that were given. */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { VerifyOptions } from "../../src/cli/verify.ts";
import { type OwnModel, verifyOwn } from "../../src/cli/verify-own.ts";
import { type Fixture, gapOf } from "../../src/evaluation/fixture.ts";
import { flipByte, homeOfOne, ID } from "../home.ts";

const test = suite("a network of one's own", { home: "", model: "", fixture: "" });
test.before.each((context) => {
  context.home = homeOfOne();
  context.model = join(context.home, `models/${ID}/model.onnx`);
  context.fixture = join(context.home, "fixtures/mine.json");
  cpSync(join(context.home, `fixtures/${ID}.json`), context.fixture);
});
test.after.each(({ home }) => rmSync(home, { recursive: true }));

/** The exit code, and the JSON that was printed. */
async function verified(model: string, fixture: string) {
  const { log } = console;
  let out = "";
  console.log = (text: string) => {
    out += text;
  };
  const options = { runtime: "native", shards: 1, seed: 7, concurrency: 1, json: true } as const;
  const own: VerifyOptions & OwnModel = { ...options, model, fixture };
  try {
    const code = await verifyOwn(own);
    return { code, said: JSON.parse(out) };
  } finally {
    console.log = log;
  }
}

test("one that fits", async ({ model, fixture }) => {
  const { code, said } = await verified(model, fixture);
  assert.is(code, 0);
  assert.equal([said.exitCode, said.result, said.error], [0, "match", undefined]);
});

test("a fixture of another model", async ({ model, fixture }) => {
  flipByte(model, 5000);
  const { code, said } = await verified(model, fixture);
  assert.is(code, 1);
  assert.is(said.exitCode, 1);
  assert.match(said.error, /model\.onnx has SHA-256 \w+, and \S+mine\.json is of 986caa74/);
});

test("a fixture that miscounts its predictions", async ({ model, fixture }) => {
  const { splits, ...rest }: Fixture = JSON.parse(readFileSync(fixture, "utf8"));
  splits.test.correct++;
  (splits.test.shards[2] as (typeof splits.test.shards)[0]).correct++;
  const gap = gapOf(splits.train, splits.test);
  writeFileSync(fixture, JSON.stringify({ ...rest, splits, gap }));
  const { code, said } = await verified(model, fixture);
  assert.is(code, 1);
  assert.match(
    said.error,
    /mine\.json: test's shard 2000 to 3000 has \d+ correct, .*; rethink evaluate --fixture writes it/,
  );
  assert.match(said.error, new RegExp(`^${fixture}: `));
});

test.run();
