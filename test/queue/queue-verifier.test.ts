/** A verification by workers is the local one, byte for byte; who answers wrong is named. */
import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import * as assert from "uvu/assert";
import { CLAIMS } from "../../src/claims/claims.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import type { Answer } from "../../src/queue/answer.ts";
import { type Connection, PREFIX } from "../../src/queue/connection.ts";
import { openCrew } from "../../src/queue/crew.ts";
import { datasetOfMachine, evaluateJob, type Workshop } from "../../src/queue/evaluate-job.ts";
import { type EvaluationJob, queueOf, readEvaluation } from "../../src/queue/jobs.ts";
import { thisMachine } from "../../src/queue/machine.ts";
import { queueVerifier } from "../../src/queue/queue-verifier.ts";
import { startWorker } from "../../src/queue/worker.ts";
import { exitCodeOf } from "../../src/verification/exit-code.ts";
import {
  localVerifier,
  verifyClaims,
  verifyTolerantly,
} from "../../src/verification/verify-claims.ts";
import { planWork } from "../../src/verification/work.ts";
import { suiteOnRedis, UNAVAILABLE } from "./redis.ts";

const checkpoints = ["theorem1.random-labels", "mlp-1x512.true"];
const sampling = { shards: 2, seed: 5 };
const dataset = await openDataset();
const runtime = await openRuntime("native");
const claims = CLAIMS.filter(({ id }) => id === "theorem-1" || id === "table-1.mlp-1x512.true");

const test = suiteOnRedis("queue verifier");

type Lie = (answer: Answer, job: EvaluationJob) => void;

/** A worker that evaluates, and may be made to lie or fail. */
function evaluating(connection: Connection, name: string, lie: Lie = () => {}) {
  const crew = openCrew([runtime], 1);
  const shop: Workshop = {
    machine: thisMachine(name),
    runtimes: [runtime],
    crew,
    dataset: datasetOfMachine(dataset),
    model: ({ checkpoint }) => project.read(`models/${checkpoint}/model.onnx`),
  };
  const worker = startWorker({
    connection,
    name,
    say: () => {},
    posts: [
      {
        queue: queueOf({ kind: "evaluate", runtime }),
        concurrency: 1,
        patience: 15,
        async work(data) {
          const job = readEvaluation(data);
          const answer = await evaluateJob(job, shop);
          lie(answer, job);
          return answer;
        },
      },
    ],
  });
  return async () => {
    await worker.drain();
    crew.stop();
  };
}

/** The report of a verification by one worker. */
async function verified(connection: Connection, name: string, checkpoints: string[], lie?: Lie) {
  const end = evaluating(connection, name, lie);
  const { name: r, package: from, version } = runtime;
  const verifier = await queueVerifier({
    connection,
    project,
    work: await planWork(project, checkpoints, sampling, r),
    runtime: { name: r, package: from, version },
    dataset,
    say: () => {},
  });
  const request = { verifier, project, claims, checkpoints, sampling };
  const { report, error } = await verifyTolerantly(request);
  await verifier.close(error === undefined);
  await end();
  return { report, workers: verifier.workers() };
}

/** What was found of the first shard of theorem1's train split. */
async function lied(connection: Connection, lie: (answer: Answer) => void) {
  const { report } = await verified(connection, "liar", ["theorem1.random-labels"], lie);
  assert.is(report.matched, false);
  const [checkpoint] = report.checkpoints;
  return checkpoint && "splits" in checkpoint ? checkpoint.splits.train[0] : undefined;
}

test("counts, verdicts and digests are those of one machine alone", async ({ connection }) => {
  const verifier = localVerifier(dataset, runtime, true);
  const local = await verifyClaims({ verifier, project, claims, checkpoints, sampling });
  const { report, workers } = await verified(connection, "honest", checkpoints);
  assert.is(JSON.stringify(report), JSON.stringify(local));
  assert.ok(report.passed);
  assert.equal(
    workers.map(({ worker, shards }) => [worker, shards]),
    [["honest", { "theorem1.random-labels": 4, "mlp-1x512.true": 4 }]], // 2 splits, 2 shards
  );
});

test("an answer that contradicts a count is a mismatch, with its worker's name", async ({
  connection,
}) => {
  const shard = await lied(connection, ({ shards: [first] }) => {
    if (first) first.correct++;
  });
  assert.is(shard?.result, "mismatch");
  assert.match(shard?.reason ?? "", /^\d+ correct, \d+ published, by worker liar$/);
});

test("an answer that contradicts itself or the question is a mismatch, too", async ({
  connection,
}) => {
  const lies: [(answer: Answer) => void, RegExp][] = [
    [
      ({ shards: [first] }) => {
        if (first) first.predictionsSha256 = "0".repeat(64);
      },
      /^the digest of its predictions for \d+ to \d+ is another, by worker liar$/,
    ],
    [
      ({ shards: [first] }) => {
        if (first) first.predictions = first.predictions.slice(4);
      },
      /^it has 997 predictions for/, // 4 digits of base64 are 3 bytes
    ],
    [({ shards }) => shards.pop(), /^it does not answer \d+ to \d+, by worker liar$/],
    [
      ({ shards }) => {
        if (shards[0]) shards.push(shards[0]);
      },
      /^it answers more than was asked/,
    ],
    [
      (answer) => {
        answer.runtime.version = "0.1.0";
      },
      /^it ran onnxruntime-node 0\.1\.0, by worker liar$/,
    ],
    [
      (answer) => {
        Object.assign(answer, { shards: "none" });
      },
      /^its answer: shards: /,
    ],
  ];
  for (const [lie, reason] of lies) {
    const shard = await lied(connection, lie);
    assert.is(shard?.result, "mismatch");
    assert.match(shard?.reason ?? "", reason);
  }
});

test("what nobody could evaluate is missing, and does not differ; nor does it hide what does", async ({
  connection,
}) => {
  const terms = { guarded: false, part: false };
  const failing: Lie = (_, { split }) => {
    if (split === "train") throw new Error("it fails");
  };
  const missing = await verified(connection, "clumsy", ["mlp-1x512.true"], failing);
  const [checkpoint] = missing.report.checkpoints;
  assert.is(checkpoint?.result, "not-certified");
  assert.match(
    checkpoint && "reason" in checkpoint ? checkpoint.reason : "",
    /^train \d+ to \d+: given up after 3 tries, last by worker clumsy: it fails/,
  );
  assert.is(exitCodeOf(missing.report, terms), 2);
  const differing = await verified(connection, "liar", ["mlp-1x512.true"], (answer, job) => {
    failing(answer, job);
    if (answer.shards[0]) answer.shards[0].correct++;
  });
  assert.is(differing.report.checkpoints[0]?.result, "mismatch");
  assert.is(exitCodeOf(differing.report, terms), 1);
});

test("what a run has no use for any more leaves the queue; one that broke off leaves it there", async ({
  connection,
}) => {
  const { name, package: from, version } = runtime;
  const queue = new Queue(queueOf({ kind: "evaluate", runtime }), {
    connection: connection.options,
    prefix: PREFIX,
  });
  for (const ended of [false, true]) {
    const verifier = await queueVerifier({
      connection,
      project,
      work: await planWork(project, ["mlp-1x512.true"], sampling, name),
      runtime: { name, package: from, version },
      say: () => {},
    });
    while ((await queue.getWaitingCount()) === 0) await sleep(10);
    await verifier.close(ended); // nothing was compared, as where a published file is bad
    assert.is((await queue.getWaitingCount()) > 0, !ended);
  }
  await queue.close();
});

if (UNAVAILABLE) console.log(`skipped: ${UNAVAILABLE}`);
else test.run();
