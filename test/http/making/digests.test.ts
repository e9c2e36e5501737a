/** What a verification takes, and what tags are made of: all that decides an answer, so that another never has the tag. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import about from "../../../package.json" with { type: "json" };
import { CLAIMS } from "../../../src/claims/claims.ts";
import type { Claim } from "../../../src/claims/claim.ts";
import { evaluationDigest } from "../../../src/http/making/evaluation.ts";
import { publishedCheckpoint, runtimeOf } from "../../../src/http/making/lookup.ts";
import { taskDigest, verificationTask } from "../../../src/http/making/verify-claim.ts";
import { openService } from "../service.ts";

const { app, service } = openService();
const id = "theorem1.random-labels";
const tagAt = async (path: string) => {
  const response = await app.request(path, { method: "HEAD" });
  return response.headers.get("ETag");
};

test("a tag is of this project's version: another may answer in other words", async () => {
  const checkpoint = await publishedCheckpoint(service, id);
  const list = { predictions: false, misclassified: false };
  const range = { split: "test", start: 0, end: 20, list } as const;
  const evaluation = { checkpoint, runtime: runtimeOf(service), ...range };
  const claim = CLAIMS.find((one) => one.id === "theorem-1") as Claim;
  const sampling = { shards: 1, seed: 3 };
  const task = await verificationTask(service, claim, runtimeOf(service), sampling);
  for (const [path, digest] of [
    [
      `/v1/checkpoints/${id}/evaluations/test?end=20`,
      (v: string) => evaluationDigest(evaluation, v),
    ],
    [
      "/v1/claims/theorem-1/verification?shards=1&seed=3",
      (v: string) => taskDigest(service, task, v),
    ],
  ] as const) {
    assert.is(await tagAt(path), `"sha256-${await digest(about.version)}"`);
    assert.is.not(await digest(`${about.version}-next`), await digest(about.version));
  }
});

test("what is drawn is of seed 0, the others are named as left out, and full takes all", async () => {
  const claim = CLAIMS.find(({ id }) => id === "table-1.mlp-1x512.true") as Claim;
  const seeds = ["", ".seed-1", ".seed-2"].map((seed) => `mlp-1x512.true${seed}`);
  const of = async (shards: number | "all") => {
    const sampling = { shards, seed: 3 };
    return await verificationTask(service, claim, runtimeOf(service), sampling);
  };
  const drawn = await of(1);
  assert.equal([drawn.checkpoints, drawn.leftOut], [seeds.slice(0, 1), seeds.slice(1)]);
  const full = await of("all");
  assert.equal([full.checkpoints, full.leftOut], [seeds, []]);
});

test.run();
