/** The command as its user runs it: what it prints, how it exits, and what bad input gets. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../../src/cli/dataset.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const id = "theorem1.random-labels";
const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
await openDataset();

function rethink(args: string[], environment: Record<string, string> = {}) {
  const run = spawnSync(process.execPath, [...launch, join(root, "src/cli/main.ts"), ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return { code: run.status, out: run.stdout, error: run.stderr };
}

const test = suite("verify", { home: "" });

test.before.each((context) => {
  context.home = mkdtempSync(join(tmpdir(), "rethink-"));
  for (const folder of ["models", "fixtures"]) {
    cpSync(join(root, folder), join(context.home, folder), { recursive: true });
  }
});
test.after.each((context) => rmSync(context.home, { recursive: true }));

/** Verifies in a home that was tampered with, and expects one line. */
function fails(home: string, code: number, line: RegExp, args: string[] = []) {
  const run = rethink(["verify", "--shards", "1", "--seed", "0", "--checkpoint", id, ...args], {
    RETHINK_HOME: home,
  });
  assert.match(run.error, line);
  assert.is(run.error.trim().split("\n").length, 1, run.error);
  assert.is(run.code, code);
}

function flipByte(path: string, at: number) {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(path, bytes);
}

function edit(path: string, from: string | RegExp, to: string) {
  const text = readFileSync(path, "utf8");
  assert.match(text, from);
  writeFileSync(path, text.replace(from, to));
}

for (const runtime of ["native", "wasm"]) {
  test(`the published checkpoint matches on ${runtime}`, () => {
    const run = rethink([
      "verify",
      "--json",
      "--shards",
      "1",
      "--seed",
      "7",
      "--runtime",
      runtime,
      "--checkpoint",
      id,
    ]);
    assert.is(run.code, 0, run.error);
    const report = JSON.parse(run.out);
    assert.is(report.checkpoints[0].result, "match");
    assert.is(report.checkpoints[0].splits.train.length, 1);
    assert.is(report.verdicts[0].status, "reproduced");
  });
}

test("the same seed draws the same shards", () => {
  const shards = () => {
    const { out } = rethink([
      "verify",
      "--json",
      "--shards",
      "1",
      "--seed",
      "3",
      "--checkpoint",
      id,
    ]);
    return JSON.parse(out).checkpoints[0].splits;
  };
  assert.equal(shards(), shards());
});

test("a person reads counts, the claims that bear on them and a summary, in 120 columns", () => {
  const run = rethink(["verify", "--shards", "1", "--seed", "0", "--checkpoint", id]);
  assert.is(run.code, 0, run.error);
  assert.is(run.error, ""); // no bar where nobody watches
  assert.ok(run.out.split("\n").every((line) => line.length <= 120));
  assert.match(
    run.out,
    /theorem1\.random-labels +50000\/50000 +992\/10000 +563\/625 +0\.9008 .* match/,
  );
  assert.match(run.out, /^Theorem 1 .*\ntheorem-1: reproduced\n/m);
  assert.match(run.out, /2 claims: 2 reproduced, 0 not reproduced, 0 not evaluated/);
  assert.not.match(run.out, /Table 1/);
});

test("a claim that no checkpoint here bears on verifies nothing, and says why", () => {
  const run = rethink(["verify", "--claim", "table-2.true"]);
  assert.is(run.code, 1);
  assert.match(run.error, /^rethink: nothing to verify: table-2\.true: ImageNet .*\n$/);
});

test("a claim asked for by name must be reproduced, one met on the way need not", ({ home }) => {
  rmSync(join(home, "models", id, "history.json"));
  fails(home, 2, /cannot read models\/theorem1\.random-labels\/history\.json \(ENOENT\)/);
  // One weight more than 2n + d: nothing recomputed contradicts it, the claim's rule does.
  writeFileSync(join(home, "models", id, "history.json"), "[]");
  edit(join(home, "models", id, "checkpoint.json"), '"parameters": 103072', '"parameters": 103073');
  const verify = (...args: string[]) =>
    rethink(["verify", "--shards", "1", "--seed", "0", ...args], { RETHINK_HOME: home });
  const all = verify("--checkpoint", id);
  assert.match(all.out, /theorem-1: not reproduced: weights .*: 103073, wanted 103072/);
  assert.is(all.code, 0);
  assert.is(verify("--claim", "theorem-1").code, 1);
  assert.is(verify("--claim", "theorem-1-at-chance").code, 0);
});

test("a changed byte of the model is a mismatch", ({ home }) => {
  flipByte(join(home, "models", id, "model.onnx"), 5000);
  fails(home, 1, /model\.onnx has SHA-256 .* not the published/);
});

test("a changed count of the fixture is a mismatch", ({ home }) => {
  edit(join(home, "fixtures", `${id}.json`), '"correct": 50000', '"correct": 49999');
  fails(home, 1, /shards add up to 50000 correct, not 49999/);
});

test("a changed prediction file is a mismatch", ({ home }) => {
  flipByte(join(home, "fixtures/predictions", `${id}.train.bin`), 0);
  fails(home, 1, /train\.bin is not the published one/);
});

test("a missing fixture names what to restore", ({ home }) => {
  rmSync(join(home, "fixtures", `${id}.json`));
  fails(home, 2, /cannot read fixtures\/theorem1\.random-labels\.json \(ENOENT\); restore it/);
});

test("an empty models folder verifies nothing and does not pass", ({ home }) => {
  rmSync(join(home, "models"), { recursive: true });
  const run = rethink(["verify"], { RETHINK_HOME: home });
  assert.is(run.code, 1);
  assert.match(run.error, /nothing to verify/);
});

test("a changed byte of the dataset names the file", ({ home }) => {
  const data = join(home, "cifar10");
  const cache = process.env.RETHINK_CACHE ?? join(root, ".cache");
  cpSync(join(cache, "cifar10"), data, { recursive: true });
  for (let n = 1; n <= 5; n++) {
    for (let record = 0; record < 10_000; record += 1000)
      flipByte(join(data, `data_batch_${n}.bin`), record * 3073 + 9);
  }
  const run = rethink(["verify", "--shards", "1", "--checkpoint", id], { RETHINK_CIFAR10: data });
  assert.is(run.code, 2);
  assert.match(run.error, /data_batch_\d\.bin: records \d+ to \d+ are not CIFAR-10's/);
});

test("a cache folder that cannot be made is one line", ({ home }) => {
  writeFileSync(join(home, "file"), "");
  const run = rethink(["verify"], { RETHINK_CACHE: join(home, "file/cache") });
  assert.is(run.code, 2);
  assert.match(run.error, /cannot write .*file\/cache/);
  assert.not(existsSync(join(home, "file/cache")));
});

test("wrong use exits with 2 and says what is right", () => {
  const cases: [string[], RegExp][] = [
    [["--checkpoint", "theorem1.random-label"], /did you mean theorem1\.random-labels\?/],
    [["--claim", "theorem-2"], /did you mean theorem-1\?/],
    [["--runtime", "cuda"], /Allowed choices are native, wasm/],
    [["--shards", "0"], /integer of 1 or more/],
    [["--seed", "-1"], /./],
    [["--sed", "1"], /Did you mean --seed\?/],
  ];
  for (const [args, line] of cases) {
    const run = rethink(["verify", ...args]);
    assert.is(run.code, 2, args.join(" "));
    assert.match(run.error, line);
  }
});

test.run();
