/** Whose fault it is that a job is not done: a bad job ends no worker, and a small machine no job. */
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { InputError, MachineFault } from "../../src/datasets/storage.ts";
import type { View } from "../../src/datasets/view.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import type { Runtime } from "../../src/evaluation/runtimes/runtime.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { checkAnswer } from "../../src/queue/answer.ts";
import type { Connection } from "../../src/queue/connection.ts";
import { gather } from "../../src/queue/coordinator.ts";
import type { Outcome } from "../../src/queue/outcome.ts";
import { openCrew } from "../../src/queue/crew.ts";
import { datasetOfMachine, evaluateJob } from "../../src/queue/evaluate-job.ts";
import { type EvaluationJob, queueOf, readEvaluation } from "../../src/queue/jobs.ts";
import { thisMachine } from "../../src/queue/machine.ts";
import { startWorker } from "../../src/queue/worker.ts";
import { linearModel, slowModel } from "../models.ts";
import { suiteOnRedis, UNAVAILABLE } from "./redis.ts";

const test = suiteOnRedis("whose fault it is");
const model = linearModel();
const dataset = datasetOfMachine(await openDataset());

/** Counts 100 images by the linear model, which takes CIFAR-10's. */
async function jobOn(runtime: Runtime, dataset: View["dataset"]): Promise<EvaluationJob> {
  const { name, package: from, version } = runtime;
  return {
    kind: "evaluate",
    checkpoint: "linear",
    sha256: await sha256Hex(model),
    view: { dataset, labels: { kind: "true" }, pixels: { kind: "true" } },
    split: "test",
    shards: [{ start: 0, end: 100 }],
    runtime: { name, package: from, version },
  };
}

function evaluating(
  connection: Connection,
  runtime: Runtime,
  name: string,
  bytes: () => Promise<typeof model> = async () => model,
) {
  const crew = openCrew([runtime], 1);
  const machine = thisMachine(name);
  const shop = { machine, runtimes: [runtime], crew, dataset, model: bytes };
  const queue = queueOf({ kind: "evaluate", runtime });
  const work = async (data: unknown) => await evaluateJob(readEvaluation(data), shop);
  const posts = [{ queue, concurrency: 1, patience: 15, work }];
  const { ended, drain } = startWorker({ connection, name, posts, say: () => {} });
  async function end(): Promise<void> {
    await drain();
    crew.stop();
  }
  return { ended, end };
}

test("a model that takes too long, also to be loaded, ends what runs it, and the next is run", async () => {
  const crew = openCrew([await openRuntime("native")], 1, 5);
  const logitsOf = (bytes: typeof model) =>
    crew.use(
      "native",
      { key: `${bytes.length}`, load: (runtime) => runtime.load(bytes) },
      async (session) => await session.run(new Uint8Array(3072)),
    );
  for (const slow of [slowModel(true), slowModel()]) {
    await logitsOf(slow).then(
      () => assert.unreachable("it was computed"),
      (error) => assert.match(error.message, /native ended: it computed for longer than 5 s/),
    );
    assert.is((await logitsOf(model)).length, 10);
  }
  crew.stop();
});

/** Gathers jobs by name; what came of each. */
async function gathered(connection: Connection, runtime: Runtime, jobs: Map<string, unknown>) {
  const outcomes = new Map<string, Outcome>();
  const queue = queueOf({ kind: "evaluate", runtime });
  const onOutcome = (name: string, outcome: Outcome) => void outcomes.set(name, outcome);
  await gather({ connection, queue, jobs, onOutcome });
  return outcomes;
}

async function workerOf(job: EvaluationJob, outcome: Outcome | undefined) {
  const checked = await checkAnswer(job, outcome && "answer" in outcome && outcome.answer);
  return checked.ranOn?.worker;
}

test("a job whose model is of another view is given up, and its worker stays", async ({
  connection,
}) => {
  const runtime = await openRuntime("native", 1);
  const [bad, good] = [await jobOn(runtime, "mnist"), await jobOn(runtime, "cifar10")];
  const jobs = new Map(Object.entries({ bad, good }));
  const worker = evaluating(connection, runtime, "steady");
  const outcomes = await gathered(connection, runtime, jobs);
  assert.match(
    outcomes.get("bad")?.failed ?? "",
    /^given up after 3 tries, last by worker steady: the model takes images of 3072 bytes; those of mnist have 784$/,
  );
  assert.is(await workerOf(good, outcomes.get("good")), "steady");
  await worker.end();
  await worker.ended;
});

test("who has no such model, or another one, leaves it to who has it", async ({ connection }) => {
  const runtime = await openRuntime("native", 1);
  const job = await jobOn(runtime, "cifar10");
  const asked: string[] = [];
  const without = evaluating(connection, runtime, "without", async () => {
    asked.push("without");
    throw new InputError("no model is called linear");
  });
  const older = evaluating(connection, runtime, "older", async () => {
    asked.push("older");
    return linearModel(undefined, 7);
  });
  const gathering = gathered(connection, runtime, new Map([["one", job]]));
  while (asked.length === 0) await sleep(10);
  const fit = evaluating(connection, runtime, "fit");
  assert.is(await workerOf(job, (await gathering).get("one")), "fit");
  for (const worker of [without, older, fit]) await worker.end();
});

test("a machine that has no room for wasm gives its job back and leaves", async ({
  connection,
}) => {
  const runtime = await openRuntime("wasm");
  const job = await jobOn(runtime, "cifar10");
  const gathering = gathered(connection, runtime, new Map([["one", job]]));
  const all = process.constrainedMemory;
  process.constrainedMemory = () => 2 ** 20; // less than this process has taken
  try {
    const small = evaluating(connection, runtime, "small");
    await small.ended.then(
      () => assert.unreachable(),
      (error) => {
        assert.instance(error, MachineFault);
        assert.match(error.message, /^wasm needs 475 MiB .* and 0 MiB are left here/);
      },
    );
    await small.end();
  } finally {
    process.constrainedMemory = all;
  }
  const large = evaluating(connection, runtime, "large");
  assert.is(await workerOf(job, (await gathering).get("one")), "large");
  await large.end();
});

if (UNAVAILABLE) console.log(`skipped: ${UNAVAILABLE}`);
else test.run();
