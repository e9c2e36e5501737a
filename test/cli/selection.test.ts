/** What `verify` takes: everything of seed 0, or all that bears on what is named. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLAIMS } from "../../src/claims/claims.ts";
import { select } from "../../src/cli/selection.ts";
import { InputError } from "../../src/datasets/storage.ts";

const net = "mlp-1x512.true";
const published = [net, `${net}.seed-1`, "mlp-1x512.random-labels", `${net}.seed-2`];
const taken = (names: Parameters<typeof select>[0]) => select(names, CLAIMS, published).checkpoints;

test("where nothing is named it is seed 0 alone, and with --full every seed", () => {
  assert.equal(taken({}), [net, "mlp-1x512.random-labels"]);
  assert.equal(taken({ full: true }), published);
  assert.is(select({}, CLAIMS, published).claims.length, CLAIMS.length);
});

test("a claim that is named takes the seeds that it is decided for", () => {
  const seeds = [net, `${net}.seed-1`, `${net}.seed-2`];
  assert.equal(taken({ claim: [`table-1.${net}`] }), seeds);
  // The jump needs both nets of a seed.
  assert.equal(taken({ claim: ["table-1.mlp-1x512"] }), [net, "mlp-1x512.random-labels"]);
  assert.equal(taken({ claim: ["figure-2b.early-stopping.mlp-1x512"] }), seeds.slice(1));
});

test("a checkpoint that is named is taken alone, with the claims that it bears on", () => {
  const { claims, checkpoints } = select({ checkpoint: [`${net}.seed-2`] }, CLAIMS, published);
  assert.equal(checkpoints, [`${net}.seed-2`]);
  const ids = claims.map(({ id }) => id);
  assert.ok(ids.includes(`table-1.${net}`) && ids.includes("beyond.agreement"));
  assert.not(ids.includes("table-1.alexnet.true"));
  assert.equal(taken({ checkpoint: ["mlp-*.seed-?"] }), [`${net}.seed-1`, `${net}.seed-2`]);
  assert.throws(
    () => taken({ checkpoint: ["alexnet.*"] }),
    (error: unknown) => error instanceof InputError,
  );
});

test("a name that is empty is seen to be", () => {
  assert.throws(
    () => taken({ claim: [""] }),
    /^no claim is called ""; npm run list names them all$/,
  );
});

test.run();
