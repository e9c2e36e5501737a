/** A worker evaluates every kind of published network, each with what lies beside its model file. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { readCheckpoint } from "../../src/evaluation/published.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import { openCrew } from "../../src/queue/crew.ts";
import { datasetOfMachine, evaluateJob } from "../../src/queue/evaluate-job.ts";
import type { EvaluationJob } from "../../src/queue/jobs.ts";
import { thisMachine } from "../../src/queue/machine.ts";
import { jobsOf } from "../../src/queue/plan.ts";
import { floats, linearModel } from "../models.ts";

const runtime = await openRuntime("native");
const { name, package: from, version } = runtime;
const crew = openCrew([runtime], 1);
test.after(() => crew.stop());

type Asked = Omit<EvaluationJob, "kind" | "runtime" | "shards">;

/** What a worker counts on the first five examples. */
async function correct(asked: Asked, model: Uint8Array<ArrayBuffer>): Promise<number | undefined> {
  const shards = [{ start: 0, end: 5 }];
  const { shards: counted } = await evaluateJob(
    { ...asked, kind: "evaluate", shards, runtime: { name, package: from, version } },
    {
      machine: thisMachine("one"),
      runtimes: [runtime],
      crew,
      dataset: datasetOfMachine(await openDataset()),
      model: async () => model,
    },
  );
  return counted[0]?.correct;
}

test("a kernel machine is given its training images", async () => {
  const id = "kernel.mnist.true";
  const { model, recipe } = await readCheckpoint(project, id);
  const { sha256 } = model;
  const asked = { checkpoint: id, sha256, view: recipe.view, split: "train" } as const;
  assert.is(await correct(asked, await project.read(`models/${id}/model.onnx`)), 5); // it has met all labels
});

test("a network of floats that was made elsewhere is given what its job says", async () => {
  const checkpoint = await readCheckpoint(project, "mlp-1x512.true");
  const { view } = checkpoint.recipe;
  const [own, given] = [linearModel(), floats()];
  const sha256 = await sha256Hex(given);
  const recipe = { kind: "given", view } as const;
  const elsewhere = { ...checkpoint, recipe, preprocessing: { scale: 1 } };
  const shard = { split: "test", start: 0, end: 1000 } as const;
  const [[, job] = []] = await jobsOf(elsewhere as never, [shard] as never, runtime);
  assert.equal(job?.given, { scale: 1 });
  const asked = { checkpoint: "linear", view, split: "test" } as const;
  const expected = await correct({ ...asked, sha256: await sha256Hex(own) }, own);
  assert.type(expected, "number");
  assert.is(await correct({ ...asked, sha256, given: { scale: 1 } }, given), expected);
});

test.run();
