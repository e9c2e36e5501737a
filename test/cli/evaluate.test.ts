/** What cannot be written is said before the long work, not after it. */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PROJECT } from "../../src/local/dataset.ts";
import { edit, homeOf, homeOfOne, ID, putModel } from "../home.ts";

const command = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];

function rethink(home: string, ...args: string[]) {
  const env = { ...process.env, RETHINK_HOME: home };
  const all = [...command, "src/cli/main.ts", ...args];
  return spawnSync(process.execPath, all, { cwd: PROJECT, env, encoding: "utf8" });
}

test("evaluate and fixtures refuse at once where predictions cannot be kept", () => {
  const home = homeOfOne();
  const predictions = join(home, "fixtures/predictions");
  rmSync(predictions, { recursive: true });
  writeFileSync(predictions, "");
  const model = join(PROJECT, "models", ID, "model.onnx");
  for (const args of [
    ["evaluate", model, "--fixture", join(home, "fixtures/x.json")],
    ["fixtures", ID],
  ]) {
    const { status, stdout, stderr } = rethink(home, ...args);
    assert.is(status, 2);
    assert.is(stdout, "");
    assert.match(stderr, /^rethink: cannot write \S+predictions\S* \(/);
  }
  rmSync(home, { recursive: true });
});

test("export writes what is exported today where the logits stay, and nothing where they would not", () => {
  const id = "mlp-1x512.true";
  const home = homeOf([id]);
  const path = join(home, "models", id, "model.onnx");
  const published = readFileSync(path);
  /** Publishes the model with another text at the first place of one. */
  const replace = (from: string, to: string) => {
    const bytes = readFileSync(path);
    bytes.write(to, bytes.indexOf(from), "latin1");
    putModel(home, bytes, id);
    return bytes;
  };
  replace("rethink", "another");
  edit(join(home, "models", id, "checkpoint.json"), '"opset": 17', '"opset": 16');
  const run = rethink(home, "export", id);
  assert.is(run.status, 0, run.stderr);
  assert.match(run.stdout, /, the same logits\n$/);
  assert.equal(readFileSync(path), published);
  const { model, exported } = JSON.parse(
    readFileSync(join(home, "models", id, "checkpoint.json"), "utf8"),
  );
  assert.equal([model.opset, model.bytes], [17, published.length]);
  assert.match(exported.trainedSha256, /^[0-9a-f]{64}$/);
  const tanh = replace("Relu", "Tanh");
  const other = rethink(home, "export", id);
  assert.is(other.status, 1, other.stdout);
  assert.match(other.stderr, /^rethink: .*logits/);
  assert.equal(readFileSync(path), tanh);
  rmSync(home, { recursive: true });
});

test("export leaves a fixture that is of another model what it is", () => {
  const id = "mlp-1x512.true";
  const home = homeOf([id]);
  const path = join(home, `fixtures/${id}.json`);
  const other = JSON.stringify({
    ...JSON.parse(readFileSync(path, "utf8")),
    sha256: "0".repeat(64),
  });
  writeFileSync(path, other);
  const { status, stderr } = rethink(home, "export", id);
  assert.is(status, 1);
  assert.match(stderr, /^rethink: fixtures\/mlp-1x512\.true\.json is of another model\.onnx/);
  assert.is(readFileSync(path, "utf8"), other);
  rmSync(home, { recursive: true });
});

test.run();
