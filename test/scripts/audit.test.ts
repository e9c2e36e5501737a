/** The auditor's script, which shares no code with src, against what src publishes. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasetFolder, openDataset, PROJECT } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import { CIFAR10_FILES } from "../../src/datasets/cifar10.ts";
import { sha256Hex } from "../../src/datasets/digest.ts";
import type { View } from "../../src/datasets/view.ts";
import type { Fixture } from "../../src/evaluation/fixture.ts";
import { publish } from "../../src/evaluation/publish.ts";
import { readCheckpoint } from "../../src/evaluation/published.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { linearModel } from "../models.ts";
import { pythonOrSkip } from "../python.ts";

const what = "the auditor's script";
const underDeno = "Deno" in globalThis;
if (underDeno)
  console.log(`skipped: ${what}: it is Python's, whoever calls it, and Node's run does`);
const python = underDeno ? undefined : pythonOrSkip(what, ["numpy", "onnxruntime"]);
const id = "theorem1.random-labels";
const script = join(PROJECT, "scripts/audit.py");
const data = await datasetFolder("cifar10");

function audit(model: string, fixture: string, folder = data, ...args: string[]) {
  const run = spawnSync(python as string, [script, model, fixture, folder, ...args], {
    encoding: "utf8",
  });
  return { code: run.status, out: run.stdout, error: run.stderr };
}

/** Audits a model and a fixture that lie nowhere yet. */
function auditFiles(model: Uint8Array, fixture: Fixture) {
  const folder = mkdtempSync(join(tmpdir(), "rethink-"));
  try {
    writeFileSync(join(folder, "model.onnx"), model);
    writeFileSync(join(folder, "fixture.json"), JSON.stringify(fixture));
    return audit(join(folder, "model.onnx"), join(folder, "fixture.json"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What src publishes of a small model on a view. */
async function published(model: Uint8Array<ArrayBuffer>, view: View): Promise<Fixture> {
  const checkpoint = await readCheckpoint(project, id);
  checkpoint.recipe.view = view;
  checkpoint.model.sha256 = await sha256Hex(model);
  const runtimes = [await openRuntime("native"), await openRuntime("wasm")] as const;
  return (await publish(await openDataset(), checkpoint, model, ...runtimes, "0".repeat(64)))
    .fixture;
}

if (python) {
  test("wrong use and missing files are one line, and no difference", () => {
    const missing = audit("nowhere.onnx", "nowhere.json");
    assert.is(missing.code, 2);
    assert.match(missing.error, /^audit: .*nowhere\.onnx'\n$/);
    const run = spawnSync(python as string, [script], { encoding: "utf8" });
    assert.is(run.status, 2);
    assert.match(run.stderr, /audit\.py: error: .* required: model, fixture, \w+\n$/);
  });

  test("files that are not CIFAR-10's are named, and no fault of the checkpoint", () => {
    const folder = mkdtempSync(join(tmpdir(), "rethink-"));
    for (const name of CIFAR10_FILES.map(({ path }) => basename(path))) {
      const other = name === "data_batch_2.bin" ? "data_batch_1.bin" : name;
      symlinkSync(join(data, other), join(folder, name));
    }
    const model = join(PROJECT, "models", id, "model.onnx");
    const run = audit(model, join(PROJECT, "fixtures", `${id}.json`), folder);
    rmSync(folder, { recursive: true });
    assert.is(run.code, 2);
    assert.match(run.error, /^audit: .*data_batch_2\.bin is not .*official file\n$/);
  });

  test("it is under 90 lines and imports only numpy and onnxruntime beside the standard library", () => {
    const text = readFileSync(script, "utf8");
    assert.ok(text.trimEnd().split("\n").length < 90);
    assert.match(text, /^import numpy as np, onnxruntime$/m);
    assert.not.match(text, /^from|rethink\.|subprocess|urllib/m);
  });

  test("a published checkpoint's counts and gap come out the same", () => {
    const run = audit(
      join(PROJECT, "models", id, "model.onnx"),
      join(PROJECT, "fixtures", `${id}.json`),
    );
    assert.is(run.error, "");
    assert.is(run.code, 0);
    assert.equal(run.out.trimEnd().split("\n"), [
      "train: 50000 of 50000 given labels, 4881 true ones",
      "test: 992 of 10000 given labels, 992 true ones",
      "gap: 563/625 = 0.9008", // 50000/50000 − 992/10000
    ]);
  });

  test("of the first examples the shards alone are compared", () => {
    const fixture: Fixture = JSON.parse(
      readFileSync(join(PROJECT, "fixtures", `${id}.json`), "utf8"),
    );
    const model = join(PROJECT, "models", id, "model.onnx");
    const first = (changed: Fixture, ...args: string[]) => {
      const folder = mkdtempSync(join(tmpdir(), "rethink-"));
      writeFileSync(join(folder, "fixture.json"), JSON.stringify(changed));
      const run = audit(model, join(folder, "fixture.json"), data, ...args);
      rmSync(folder, { recursive: true });
      return run;
    };
    const some = first(fixture, "--first", "1500"); // rounded up to whole shards
    assert.is(some.error, "");
    assert.is(some.code, 0);
    assert.match(
      some.out,
      /^train: 2000 of 2000 .*\ntest: .* of 2000 .*\nshards of the first 2000 /,
    );
    (fixture.splits.test.shards[1] as { correct: number }).correct++;
    const changed = first(fixture, "--first", "2000");
    assert.is(changed.code, 1);
    assert.match(changed.error, /^test, a shard: /);
    assert.is(first(fixture, "--first", "1000").code, 0); // the changed one is the second
    assert.is(first(fixture, "--first", "0").code, 2);
  });

  test("partly corrupted labels on random pixels come out as src has them", async () => {
    const model = linearModel();
    const fixture = await published(model, {
      dataset: "cifar10",
      labels: { kind: "corrupted", fraction: "2/5", seed: 1 },
      pixels: { kind: "random", seed: 0 },
      examples: 1000,
    });
    const run = auditFiles(model, fixture);
    assert.is(run.error, "");
    assert.is(run.code, 0);
  });

  test("every difference is named", () => {
    const model = readFileSync(join(PROJECT, "models", id, "model.onnx"));
    const fixture: Fixture = JSON.parse(
      readFileSync(join(PROJECT, "fixtures", `${id}.json`), "utf8"),
    );
    const { train, test } = fixture.splits;
    fixture.view.examples = 1000; // 1,000 of the training set are enough, and its other counts differ
    train.shards = train.shards.slice(0, 1);
    test.shards.pop();
    fixture.checkpoint = "theorem1.other";
    fixture.sha256 = "0".repeat(64);
    test.correct--;
    test.predictions.sha256 = "0".repeat(64);
    (test.shards[3] as (typeof test.shards)[0]).correct++;
    test.margin.confidentMisses = test.total;
    fixture.gap.numerator++;
    const run = auditFiles(model, fixture);
    assert.is(run.code, 1);
    assert.equal(
      run.error
        .trimEnd()
        .split("\n")
        .map((line) => line.split(":")[0]),
      [
        "SHA-256 of the model",
        "id",
        "train, total",
        "train, correct",
        "train, correctOnTrueLabels",
        "train, predictions",
        "test, correct",
        "test, predictions",
        "test, a shard",
        "test, a shard",
        "test, confident misses",
        "gap",
      ],
    );
  });
}

test.run();
