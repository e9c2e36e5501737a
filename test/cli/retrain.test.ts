/** A checkpoint made again: the published bytes, or what differs here. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { differencesBetween } from "../../src/evaluation/made-with.ts";
import { contents, edit, homeOfOne, ID, ROOT } from "../home.ts";

const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];

const test = suite("retrain", { home: "" });
test.before.each((context) => {
  context.home = homeOfOne();
});
test.after.each((context) => rmSync(context.home, { recursive: true }));

function retrain(home: string, id: string) {
  const program = join(ROOT, "src/cli/main.ts");
  const before = contents(home);
  const run = spawnSync(process.execPath, [...launch, program, "retrain", id], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, RETHINK_HOME: home },
  });
  assert.equal(contents(home), before, "nothing published is touched");
  return run;
}

test("what has no randomness of a processor is made again to the same bytes", ({ home }) => {
  const run = retrain(home, ID);
  assert.is(run.status, 0, run.stderr);
  assert.match(run.stdout, /trained again: model\.onnx has the published SHA-256 986caa74/);
});

test("other bytes exit with 1 and name what differs", ({ home }) => {
  const file = join(home, "models", ID, "checkpoint.json");
  edit(file, '"backend": "none: constructed"', '"backend": "another"');
  edit(file, '"sha256": "986c', '"sha256": "0000');
  const run = retrain(home, ID);
  assert.is(run.status, 1, run.stderr);
  assert.match(run.stderr, /not the published 0000.* backend is none: constructed, not another/);
});

test("each switch, library and number of threads is compared", () => {
  const published = {
    backend: "tensorflow",
    version: "2.21.0",
    device: "a",
    threads: 2,
    environment: { TF_ENABLE_ONEDNN_OPTS: "1", TF_DETERMINISTIC_OPS: "1" },
    libraries: { cudnn: "9" },
  };
  assert.equal(differencesBetween(published, published), []);
  const here = { ...published, threads: 4, environment: { TF_ENABLE_ONEDNN_OPTS: "0" } };
  assert.equal(differencesBetween(published, { ...here, libraries: { cudnn: "10" } }), [
    "threads is 4, not 2",
    "TF_DETERMINISTIC_OPS is not set, not 1",
    "TF_ENABLE_ONEDNN_OPTS is 0, not 1",
    "cudnn is 10, not 9",
  ]);
});

test.run();
