/** A pack of somebody else's: networks that a Python script trained and exported, and claims about them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLAIMS } from "../../src/claims/claims.ts";
import { datasetFolder, PROJECT } from "../../src/local/dataset.ts";
import { openPack } from "../../src/local/pack.ts";
import { claimsIn, readPack } from "../../src/verification/pack.ts";
import { startServer } from "../http/server.ts";
import { pythonOrSkip } from "../python.ts";

const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
const pack = mkdtempSync(join(tmpdir(), "rethink-pack-"));
const NAMES = ["means.true", "means.random"];
for (const name of NAMES) mkdirSync(join(pack, "models", name), { recursive: true });
const command = [...launch, "src/cli/main.ts"];

function rethink(...args: string[]) {
  return spawnSync(process.execPath, [...command, ...args], { cwd: PROJECT, encoding: "utf8" });
}

function claim(rules: object[]): void {
  const claims = [{ id: "means", statement: "Means of pixels tell something of an image.", rules }];
  writeFileSync(join(pack, "claims.json"), JSON.stringify({ claims }));
}

const REPRODUCED = [
  { kind: "generalizes", checkpoints: ["means.true"], atLeast: [1, 4] },
  { kind: "gap", checkpoints: ["means.true"], atMost: [1, 20] },
  { kind: "gain", checkpoints: ["means.random", "means.true"], atLeast: [1, 10], atMost: [1, 1] },
];

test("the paper's own folder, read as a pack, has the paper's claims", async () => {
  const paper = await openPack(PROJECT);
  const plain = (data: unknown) => JSON.parse(JSON.stringify(data));
  assert.equal(plain(claimsIn(paper)), plain(CLAIMS));
});

test("what is no pack is answered in a line", () => {
  for (const [folder, expected] of [
    [join(pack, "nowhere"), /is no folder; a pack is one/],
    [pack, /the pack has no claims\.json/],
  ] as [string, RegExp][]) {
    const refused = rethink("verify", "--pack", folder);
    assert.is(refused.status, 2);
    assert.match(refused.stderr, expected);
  }
});

/** The claims of a pack with these rules. */
async function withRules(...rules: object[]) {
  return await withFiles(() => true, ...rules);
}

async function withFiles(there: (path: string) => boolean, ...rules: object[]) {
  const claims = [{ id: "means", group: "Table 1", statement: "", rules }];
  const file = new TextEncoder().encode(JSON.stringify({ claims }));
  const files = {
    read: async () => file,
    exists: async (path: string) => there(path),
    version: async () => "1",
  };
  return claimsIn(await readPack(files));
}

test("a rule that bounds nothing is refused, and so is a bound that its kind does not know", async () => {
  for (const [rule, expected] of [
    [{ kind: "gap", checkpoints: ["x"] }, /a gap needs atLeast or atMost/],
    [
      { kind: "loss-order", checkpoints: ["x", "y"], threshold: 0.1, relations: [] },
      /relations must be one fewer than checkpoints/,
    ],
    [
      { kind: "fits", checkpoints: ["x"], atLeast: [1, 20], atMost: [1, 10] },
      /claims\.0\.rules\.0\.atMost: there is no such field/,
    ],
    [
      { kind: "gap", checkpoints: ["x"], atMost: [1, 1], atleast: [1, 2] },
      /claims\.0\.rules\.0\.atleast: there is no such field/,
    ],
  ] as const) {
    const failed = await withRules(rule).catch((error: Error) => error);
    assert.match((failed as Error).message, expected);
  }
});

test("a rule for a further seed that is another than seed 0's is kept", async () => {
  const gap = (checkpoint: string, atMost: [number, number]) => ({
    kind: "gap",
    checkpoints: [checkpoint],
    atMost,
  });
  const [same] = await withRules(gap("x", [1, 1]), gap("x.seed-1", [1, 1]));
  assert.equal(same?.rules, [gap("x", [1, 1])]);
  const stricter = [gap("x", [1, 1]), gap("x.seed-1", [1, 100])];
  assert.equal((await withRules(...stricter))[0]?.rules, stricter);
  // Where that seed is not there, a rule that names it cannot be decided.
  const both = [gap("x", [1, 1]), gap("x.seed-1", [1, 1])];
  const absent = await withFiles((path) => !path.includes("seed-1"), ...both);
  assert.equal(absent[0]?.rules, both);
});

test("no text of a pack begins a line of its own", async () => {
  const rules = [{ kind: "at-chance", checkpoints: ["means.true"] }];
  const claims = [{ id: "means", group: "Means\n::error::all is lost", statement: "", rules }];
  const file = new TextEncoder().encode(JSON.stringify({ claims }));
  const files = { read: async () => file, exists: async () => true, version: async () => "1" };
  const failed = await readPack(files).catch((error: Error) => error);
  assert.match((failed as Error).message, /claims\.0\.group: it must be a line of text/);
});

const script = join(PROJECT, "test/cli/two_networks.py");
const folder = await datasetFolder("cifar10");
const python = pythonOrSkip("a pack of Python's networks", ["numpy", "onnx", "onnxruntime"]);
if (python) {
  const made = spawnSync(python, [script, folder, pack], { encoding: "utf8" });
  assert.is(made.status, 0, made.stderr);
  const modelOf = (name: string) => join(pack, "models", name, "model.onnx");
  const fixtureOf = (name: string) => join(pack, "fixtures", `${name}.json`);

  test("each is counted, and its fixture holds wherever it is held against it", () => {
    for (const name of NAMES) {
      const scale = name === "means.random" ? ["--scale", "1/255"] : [];
      const options = ["--fixture", fixtureOf(name), "--reference", "1000", ...scale];
      const counted = rethink("evaluate", modelOf(name), ...options);
      assert.is(counted.status, 0, counted.stderr);
      assert.match(counted.stdout, /gap -?\d+\/\d+/);
      const own = ["--model", modelOf(name), "--fixture", fixtureOf(name), "--seed", "0"];
      const verified = rethink("verify", ...own);
      assert.is(verified.status, 0, verified.stdout + verified.stderr);
    }
    // The first is in the published form, so that the auditor's script takes it as it takes ours.
    const audit = [join(PROJECT, "scripts/audit.py"), modelOf("means.true")];
    const audited = spawnSync(python, [...audit, fixtureOf("means.true"), folder], {
      encoding: "utf8",
    });
    assert.is(audited.status, 0, audited.stdout + audited.stderr);
  });

  test("it is verified and decided as the paper's is, in parts as well", () => {
    claim(REPRODUCED);
    const report = join(pack, "reports");
    const common = ["--pack", pack, "--claim", "means"];
    const whole = rethink("verify", ...common, "--seed", "7", "--json");
    assert.is(whole.status, 0, whole.stderr);
    const { verdicts, checkpoints } = JSON.parse(whole.stdout);
    assert.is(verdicts[0].status, "reproduced");
    for (const k of [1, 2]) {
      const file = `json=${join(report, `${k}.json`)}`;
      const part = rethink(
        "verify",
        ...common,
        "--seed",
        "7",
        "--part",
        `${k}/2`,
        "--report",
        file,
      );
      assert.is(part.status, 0, part.stderr);
    }
    const merged = rethink("merge", report, "--pack", pack, "--json");
    assert.is(merged.status, 0, merged.stderr);
    assert.equal(JSON.parse(merged.stdout).checkpoints, checkpoints);
    assert.equal(JSON.parse(merged.stdout).verdicts, verdicts);

    claim([{ kind: "generalizes", checkpoints: ["means.random"], atLeast: [1, 4] }]);
    const failed = rethink("verify", ...common, "--seed", "0");
    assert.is(failed.status, 1, failed.stderr);
    assert.match(failed.stdout, /means: not reproduced/);
  });

  test("a server decides it at the same addresses", async () => {
    claim(REPRODUCED);
    const serve = [process.execPath, ...command, "serve"];
    const { origin, end } = await startServer(serve, { RETHINK_PACK: pack, XDG_CONFIG_HOME: pack });
    try {
      const json = async (path: string) => await (await fetch(origin + path)).json();
      const verified = await json("/v1/claims/means/verification?seed=7");
      assert.is(verified.report.verdicts[0].status, "reproduced");
      const { checkpoints } = await json("/v1/checkpoints");
      assert.equal(checkpoints.map(({ id }: { id: string }) => id).sort(), NAMES.toSorted());
      const counted = await json("/v1/checkpoints/means.random/evaluations/test?start=0&end=1000");
      const { shards } = JSON.parse(readFileSync(fixtureOf("means.random"), "utf8")).splits.test;
      assert.is(counted.correct, shards[0].correct);
      const headers = { accept: "text/html" };
      for (const path of ["/", "/claims", "/claims/means", "/checkpoints/means.true"]) {
        const page = await fetch(origin + path, { headers });
        assert.is(page.status, 200, path);
        assert.match(await page.text(), /Means of pixels|means\.true/, path);
      }
      assert.is((await fetch(`${origin}/audit`, { headers })).status, 404);
      assert.is((await fetch(`${origin}/v1/claims/theorem-1`)).status, 404);
      const archive = await fetch(`${origin}/v1/claims/means/archive.zip`);
      assert.is(archive.status, 200);
      await archive.arrayBuffer();
    } finally {
      await end();
    }
  });

  test("a rule of no known kind is answered with those that there are", () => {
    claim([{ kind: "astonishes", checkpoints: ["means.true"] }]);
    const refused = rethink("verify", "--pack", pack);
    assert.is(refused.status, 2);
    assert.match(refused.stderr, /no such kind of rule here; there are weights, fits, .*outweighs/);
  });

  test("another model than the one that was counted is a mismatch, and the claim with it", () => {
    claim([{ kind: "at-chance", checkpoints: ["means.random"] }]);
    writeFileSync(modelOf("means.random"), readFileSync(modelOf("means.true")));
    const run = rethink("verify", "--pack", pack, "--seed", "0");
    assert.is(run.status, 1, run.stderr);
    assert.match(run.stdout, /models\/means\.random\/model\.onnx has SHA-256/);
    assert.match(run.stdout, /means: not reproduced/);
  });
}

test.after(() => rmSync(pack, { recursive: true }));
test.run();
