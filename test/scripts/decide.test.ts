/** The script that decides the claims, which shares no code with src, against what src decides. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PROJECT } from "../../src/local/dataset.ts";
import { edit } from "../home.ts";
import { pythonOrSkip } from "../python.ts";

const python = pythonOrSkip("the script that decides the claims", ["fractions"]);

function decide(home: string, ...args: string[]) {
  const script = join(PROJECT, "scripts/decide.py");
  const run = spawnSync(python as string, [script, home, ...args], { encoding: "utf8" });
  return { code: run.status, out: run.stdout, error: run.stderr };
}

/** A copy of all that the script reads: claims, counts, test predictions, histories. */
function copied(): string {
  const home = mkdtempSync(join(tmpdir(), "rethink-"));
  mkdirSync(join(home, "models"));
  const filter = (from: string) => !/\.onnx$|train\.bin$/.test(from);
  for (const part of ["fixtures", "models"])
    cpSync(join(PROJECT, part), join(home, part), { recursive: true, filter });
  return home;
}

const test = suite("decide.py", { home: "" });
test.before.each((context) => {
  context.home = copied();
});
test.after.each(({ home }) => rmSync(home, { recursive: true }));

if (python) {
  test("it decides every claim as published", ({ home }) => {
    const { claims } = JSON.parse(readFileSync(join(home, "fixtures/claims.json"), "utf8"));
    const { code, out, error } = decide(home);
    assert.is(code, 0, error);
    const expected = claims.map(({ id, status }: Record<string, string>) => `${id}: ${status}`);
    assert.equal(
      out.split("\n").filter((line) => line !== "" && !line.startsWith(" ")),
      expected,
    );
    assert.ok(claims.length > 50);
  });

  test("beside each status it says our number, the bound and the paper's", ({ home }) => {
    const of = (id: string) => decide(home, "--claim", id).out.trimEnd().split("\n");
    // Those of further seeds follow.
    assert.equal(of("table-1.mlp-1x512.true").slice(0, 5), [
      "table-1.mlp-1x512.true: reproduced",
      "    weights of mlp-1x512.true: 1209866; wanted = 1209866; paper: 1209866",
      "    fits of mlp-1x512.true: 99.976 % = 12497/12500; wanted ≥ 99/100; paper: 100",
      "    generalizes of mlp-1x512.true: 50.77 % = 5077/10000; wanted > 1100 hits, ≥ 4551/10000; paper: 50.51",
      "    gap of mlp-1x512.true: 49.206 % = 24603/50000; wanted ≤ 5449/10000; paper: 49.49",
    ]);
    assert.match(
      of("table-4.mlp-1x512.random-labels.wd")[1] as string,
      /^ {2}✗ fits of .*: 98\.922 % = 49461\/50000; wanted ≥ 99\/100; paper: 99\.21$/,
    );
    const unknown = decide(home, "--claim", "x");
    assert.is(unknown.code, 2);
    assert.is(unknown.error, "decide: no claim is called x\n");
    assert.match(decide(home, "--help").out, /--claim ID .*only this claim/);
  });

  test("what is not the published file fails its claims", ({ home }) => {
    const predictions = join(home, "fixtures/predictions");
    cpSync(
      join(predictions, "mlp-1x512.true.seed-1.test.bin"),
      join(predictions, "mlp-1x512.true.seed-2.test.bin"),
    );
    edit(join(home, "models/alexnet.noise-20/history.json"), '"loss": 1.8', '"loss": 1.9');
    edit(join(home, "fixtures/theorem1.random-labels.json"), '"sha256": "', '"sha256": "0');
    const { code, out } = decide(home);
    assert.is(code, 1);
    for (const [claim, file] of [
      ["beyond.agreement", "predictions/mlp-1x512.true.seed-2.test.bin is not the published one"],
      ["figure-1b.alexnet", "models/alexnet.noise-20/history.json is not the published one"],
      ["theorem-1", "another sha256 than checkpoint.json"],
    ] as const)
      assert.match(out, new RegExp(`^${claim}: not-reproduced\n(  .*\n)*  ✗ .*${file}`, "m"));
  });

  test("Python 3.8 reads it, and it asks no locale how files are encoded", ({ home }) => {
    for (const name of ["decide", "audit", "chance", "norms"]) {
      const script = join(PROJECT, `scripts/${name}.py`);
      const parse = `import ast; ast.parse(open(${JSON.stringify(script)}, encoding="utf-8").read(), feature_version=(3, 8))`;
      const { stderr } = spawnSync(python as string, ["-c", parse], { encoding: "utf8" });
      assert.is(stderr, "");
    }
    const env = { ...process.env, PYTHONUTF8: "0", PYTHONCOERCECLOCALE: "0", LC_ALL: "C" };
    const args = [join(PROJECT, "scripts/decide.py"), home, "--claim", "theorem-1"];
    const { stdout } = spawnSync(python as string, args, { encoding: "utf8", env });
    assert.match(stdout, /^theorem-1: reproduced\n(.*\n)* .*≥/);
  });

  test("other counts and another history decide otherwise, and it says which claims", ({
    home,
  }) => {
    const counts = join(home, "fixtures/mlp-3x512.true.json");
    const fixture = JSON.parse(readFileSync(counts, "utf8"));
    fixture.splits.test.correct = 1100; // the most that is chance
    writeFileSync(counts, JSON.stringify(fixture));
    const history = join(home, "models/alexnet.noise-40/history.json");
    const epochs = JSON.parse(readFileSync(history, "utf8"));
    const stopped = JSON.stringify(epochs.slice(0, -1)); // before its end
    const digest = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");
    const published = join(home, "models/alexnet.noise-40/checkpoint.json");
    edit(published, digest(readFileSync(history)), digest(stopped));
    writeFileSync(history, stopped);
    const { code, error } = decide(home);
    assert.is(code, 1);
    const lines = error.trim().split("\n").sort();
    assert.equal(lines, [
      "figure-1b.alexnet: not-evaluated, published reproduced",
      "section-3.architecture: not-reproduced, published reproduced",
      "section-3.mlp-3x512: not-reproduced, published reproduced",
      "table-1.mlp-3x512.true: not-reproduced, published reproduced",
      "table-1.mlp-3x512: not-reproduced, published reproduced", // the gap is 89 %, to 90.39 no jump
    ]);
  });

  test("a rule that it does not know and a folder of something else are one line", ({ home }) => {
    edit(join(home, "fixtures/claims.json"), '"kind": "weights"', '"kind": "weight"');
    const unknown = decide(home);
    assert.is(unknown.code, 2);
    assert.is(unknown.error, "decide: no rule is called weight\n");
    writeFileSync(join(home, "fixtures/claims.json"), '{"claims": [{"id": "x", "rules": 7}]}');
    const none = decide(home);
    assert.is(none.code, 2);
    assert.match(none.error, /^decide: TypeError: .*\n$/);
    const nowhere = decide(join(home, "models"));
    assert.is(nowhere.code, 2);
    assert.match(nowhere.error, /^decide: .*claims\.json'\n$/);
  });
}

test.run();
