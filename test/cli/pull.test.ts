/** What is fetched ahead is checked then, not when it is needed. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CIFAR10_FILES } from "../../src/datasets/cifar10.ts";
import { datasetFolder, PROJECT } from "../../src/local/dataset.ts";
import { flipByte, homeOfOne, ID } from "../home.ts";

const official = await datasetFolder("cifar10");
const command = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];

function rethink(args: string[], settings: Record<string, string>) {
  const env = { ...process.env, ...settings };
  args = [...command, "src/cli/main.ts", ...args];
  return spawnSync(process.execPath, args, { cwd: PROJECT, env, encoding: "utf8" });
}

const pull = (cifar10: string) =>
  rethink(["pull", "mlp-1x512.true", "--dataset"], { RETHINK_CIFAR10: cifar10 });

test("a model that is damaged is not at hand: here it is refused, in the cache it is fetched anew", () => {
  const home = homeOfOne();
  const settings = { RETHINK_HOME: home, RETHINK_CACHE: join(home, "cache") };
  const own = join(home, "models", ID, "model.onnx");
  const sha256 = createHash("sha256").update(readFileSync(own)).digest("hex");
  try {
    flipByte(own, 1000);
    const refused = rethink(["pull", ID], settings);
    assert.is(refused.status, 1, refused.stdout);
    assert.match(refused.stderr, /^rethink: models\/\S+\/model\.onnx has SHA-256 /);
    const cached = join(home, "cache/models", `${sha256}.onnx`);
    mkdirSync(join(home, "cache/models"), { recursive: true });
    renameSync(own, cached); // of the right size, but for a bit
    const fetched = rethink(["pull", ID, "--from", PROJECT], settings);
    assert.is(fetched.stdout, `${cached}\n`, fetched.stderr);
    assert.is(createHash("sha256").update(readFileSync(cached)).digest("hex"), sha256);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

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
