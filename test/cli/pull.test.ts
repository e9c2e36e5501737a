/** What is fetched ahead is checked then, not when it is needed. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CIFAR10_FILES } from "../../src/datasets/cifar10.ts";
import { datasetFolder, PROJECT } from "../../src/local/dataset.ts";
import { flipByte } from "../home.ts";

const official = await datasetFolder("cifar10");
const command = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];

function pull(cifar10: string) {
  const args = [...command, "src/cli/main.ts", "pull", "mlp-1x512.true", "--dataset"];
  const env = { ...process.env, RETHINK_CIFAR10: cifar10 };
  return spawnSync(process.execPath, args, { cwd: PROJECT, env, encoding: "utf8" });
}

test("a dataset with a changed byte is refused, by file and records", () => {
  const folder = mkdtempSync(join(tmpdir(), "rethink-pull-"));
  try {
    for (const { path } of CIFAR10_FILES) {
      const name = basename(path);
      if (name === "test_batch.bin") copyFileSync(join(official, name), join(folder, name));
      else symlinkSync(join(official, name), join(folder, name));
    }
    const right = pull(folder);
    assert.is(right.status, 0, right.stderr);
    assert.is(right.stdout, "models/mlp-1x512.true/model.onnx is here\n");
    flipByte(join(folder, "test_batch.bin"), 9999 * 3073 + 9);
    const wrong = pull(folder);
    assert.is(wrong.status, 2, wrong.stdout);
    assert.match(
      wrong.stderr,
      /^rethink: test_batch\.bin: records 9000 to 10000 are not CIFAR-10's/,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
