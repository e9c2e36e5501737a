/** A pack of somebody else's: networks that a Python script trained and exported, and claims about them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasetFolder, PROJECT } from "../../src/local/dataset.ts";
import { pythonOrSkip } from "../python.ts";

const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
const pack = mkdtempSync(join(tmpdir(), "rethink-pack-"));
const NAMES = ["means.true", "means.random"];
for (const name of NAMES) mkdirSync(join(pack, "models", name), { recursive: true });
mkdirSync(join(pack, "fixtures"));

function rethink(...args: string[]) {
  return spawnSync(process.execPath, [...launch, "src/cli/main.ts", ...args], {
    cwd: PROJECT,
    encoding: "utf8",
  });
}

function claim(rules: object[]): void {
  const claims = [{ id: "means", statement: "Means of pixels tell something of an image.", rules }];
  writeFileSync(join(pack, "claims.json"), JSON.stringify({ claims }));
}

const script = join(PROJECT, "test/cli/two_networks.py");
const python = pythonOrSkip("a pack of Python's networks", ["numpy", "onnx"]);
if (python) {
  const made = spawnSync(python, [script, await datasetFolder("cifar10"), pack], {
    encoding: "utf8",
  });
  assert.is(made.status, 0, made.stderr);

  test("it is counted, verified and decided", () => {
    for (const name of NAMES) {
      const model = join(pack, "models", name, "model.onnx");
      const fixture = join(pack, "fixtures", `${name}.json`);
      const options = ["--scale", "1/255", "--fixture", fixture, "--reference", "1000"];
      const counted = rethink("evaluate", model, ...options);
      assert.is(counted.status, 0, counted.stderr);
      assert.match(counted.stdout, /gap -?\d+\/\d+/);
      const verified = rethink("verify", "--model", model, "--fixture", fixture, "--seed", "0");
      assert.is(verified.status, 0, verified.stdout + verified.stderr);
    }
    claim([
      { kind: "generalizes", checkpoints: ["means.true"], atLeast: [1, 4] },
      { kind: "gap", checkpoints: ["means.true"], atMost: [1, 20] },
    ]);
    const decided = rethink("verify", "--pack", pack, "--seed", "0");
    assert.is(decided.status, 0, decided.stdout + decided.stderr);
    assert.match(decided.stdout, /^means: reproduced$/m);
    claim([{ kind: "generalizes", checkpoints: ["means.random"], atLeast: [1, 4] }]);
    const failed = rethink("verify", "--pack", pack, "--seed", "0");
    assert.is(failed.status, 1, failed.stderr);
    assert.match(failed.stdout, /^means: not-reproduced: generalizes/m);
  });

  test("a rule of no known kind is answered with those that there are", () => {
    claim([{ kind: "astonishes", checkpoints: ["means.true"] }]);
    const refused = rethink("verify", "--pack", pack);
    assert.is(refused.status, 2);
    assert.match(refused.stderr, /no such kind of rule here; there are fits, .*error-grows/);
  });

  test("another model than the one that was counted is a mismatch, and the claim with it", () => {
    claim([{ kind: "at-chance", checkpoints: ["means.random"] }]);
    const [from, to] = NAMES.map((name) => join(pack, "models", name, "model.onnx"));
    writeFileSync(to as string, readFileSync(from as string));
    const run = rethink("verify", "--pack", pack, "--seed", "0");
    assert.is(run.status, 1, run.stderr);
    assert.match(run.stdout, /^means\.random: .*mismatch: the model has SHA-256/m);
    assert.match(run.stdout, /^means: not-reproduced/m);
  });
}

test.after(() => rmSync(pack, { recursive: true }));
test.run();
