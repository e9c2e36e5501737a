/** A worker evaluates every kind of published network, each with what lies beside its model file. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readCheckpoint } from "../../src/evaluation/published.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import { openCrew } from "../../src/queue/crew.ts";
import { datasetOfMachine, evaluateJob } from "../../src/queue/evaluate-job.ts";
import { thisMachine } from "../../src/queue/machine.ts";

test("a kernel machine is given its training images", async () => {
  const runtime = await openRuntime("native");
  const crew = openCrew([runtime], 1);
  const id = "kernel.mnist.true";
  const { model, recipe } = await readCheckpoint(project, id);
  const { name, package: from, version } = runtime;
  try {
    const answer = await evaluateJob(
      {
        kind: "evaluate",
        checkpoint: id,
        sha256: model.sha256,
        view: recipe.view,
        split: "train",
        shards: [{ start: 0, end: 5 }],
        runtime: { name, package: from, version },
      },
      {
        machine: thisMachine("one"),
        runtimes: [runtime],
        crew,
        dataset: datasetOfMachine(await openDataset()),
        model: ({ checkpoint }) => project.read(`models/${checkpoint}/model.onnx`),
      },
    );
    assert.is(answer.shards[0]?.correct, 5); // it has met all labels
  } finally {
    crew.stop();
  }
});

test.run();
