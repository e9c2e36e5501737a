/** The action's steps as GitHub runs them, and this repository's own workflow. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse, stringify } from "yaml";
import { datasetFolder } from "../../src/local/dataset.ts";
import { edit, homeOfOne, ID, ROOT } from "../home.ts";
import { runAction } from "./runner.ts";

const FOLDER = join(ROOT, ".github/actions/verify");
/** What is tested by installing the package. */
const SKIP = ["Install"];

interface Context {
  workspace: string;
  home: string;
  environment: Record<string, string>;
}

const test = suite<Context>("the action", {} as Context);
test.before.each(async (context) => {
  context.workspace = mkdtempSync(join(tmpdir(), "rethink-workspace-"));
  context.home = homeOfOne();
  context.environment = {
    RETHINK_HOME: context.home,
    RETHINK_CIFAR10: await datasetFolder("cifar10"),
  };
});
test.after.each(({ workspace, home }) => {
  for (const folder of [workspace, home]) rmSync(folder, { recursive: true, force: true });
});

test("it verifies the claims that it is given, and writes a report and a summary", ({
  workspace,
  environment,
}) => {
  const inputs = {
    claims: "theorem-1 theorem-1-at-chance\n\n  'Theorem 1'\n",
    options: "--seed 7 --shards 1 --report junit=verify.xml",
  };
  const run = runAction(FOLDER, inputs, workspace, environment, SKIP);
  assert.is(run.status, 0, run.log);
  assert.equal(run.ran, ["Find Rethink", "Verify"]);
  assert.is(run.outputs.status, "0");
  assert.is(run.outputs.report, join(workspace, "rethink-report.json"));
  const report = JSON.parse(readFileSync(run.outputs.report as string, "utf8"));
  assert.equal(
    report.verdicts.map(({ claim, status }: Record<string, string>) => [claim, status]),
    [
      ["theorem-1", "reproduced"],
      ["theorem-1-at-chance", "reproduced"],
    ],
  );
  assert.match(run.summary, /theorem-1/);
  assert.match(readFileSync(join(workspace, "verify.xml"), "utf8"), /^<\?xml/);
});

test("options are words as on a command line, and what is wrong with them is annotated", ({
  workspace,
  environment,
}) => {
  const options = "--bogus --report 'junit=a report.xml'";
  const run = runAction(FOLDER, { options }, workspace, environment, SKIP);
  assert.is(run.status, 2, run.log);
  assert.is(run.outputs.status, "2");
  assert.match(run.log, /^::error title=rethink%3A verify::error: unknown option '--bogus'/m);
  assert.match(run.summary, /unknown option '--bogus'/);
  assert.match(readFileSync(join(workspace, "a report.xml"), "utf8"), /unknown option/);
  const report = JSON.parse(readFileSync(run.outputs.report as string, "utf8"));
  assert.is(report.exitCode, 2);
});

test("a name that an unset variable left empty is no claim, and does not ask for all of them", ({
  workspace,
  environment,
}) => {
  const run = runAction(FOLDER, { claims: "\n ''" }, workspace, environment, SKIP);
  assert.is(run.status, 2, run.log);
  assert.match(run.log, /no claim is called ""/);
  const options = "--expect '' --full";
  const other = runAction(FOLDER, { options }, workspace, environment, SKIP);
  assert.is(other.status, 2, other.log);
  assert.match(other.log, /--expect/);
});

test("a list of claims with a quote too many is no mismatch, and is told in a line", ({
  workspace,
  environment,
}) => {
  const run = runAction(FOLDER, { claims: "theorem-1 'Table 1" }, workspace, environment, SKIP);
  assert.is(run.status, 2, run.log);
  assert.is(run.outputs.status, "2");
  assert.match(run.log, /^::error::claims: the list cannot be read/m);
  assert.match(run.summary, /claims: the list cannot be read/);
});

test("a mismatch fails the step, is annotated, and the report is there all the same", ({
  workspace,
  home,
  environment,
}) => {
  const fixture = join(home, "fixtures", `${ID}.json`);
  const { splits } = JSON.parse(readFileSync(fixture, "utf8"));
  const { predictionsSha256 } = splits.train.shards[0];
  edit(fixture, predictionsSha256, "0".repeat(64));
  const run = runAction(FOLDER, { report: "out/part.json" }, workspace, environment, SKIP);
  assert.is(run.status, 1, run.log);
  assert.is(run.outputs.status, "1");
  assert.match(run.log, /^::error/m);
  assert.ok(JSON.parse(readFileSync(join(workspace, "out/part.json"), "utf8")));
  assert.match(run.summary, /mismatch/);
});

test("parts by the action add up", ({ workspace, environment }) => {
  for (const k of [1, 2]) {
    const inputs = { part: `${k}/2`, report: `parts/${k}.json`, options: "--seed 3" };
    const run = runAction(FOLDER, inputs, workspace, environment, SKIP);
    assert.is(run.outputs.status, `${run.status}`, run.log);
  }
  const merged = spawnSync("npm", ["run", "--silent", "merge", "--", join(workspace, "parts")], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  assert.is(merged.status, 0, merged.stdout + merged.stderr);
  assert.match(merged.stdout, /theorem-1: reproduced/);
});

test("the workflow gives the action inputs that it has, and each part of all once", () => {
  const { inputs } = parse(readFileSync(join(FOLDER, "action.yml"), "utf8"));
  const { jobs } = parse(readFileSync(join(ROOT, ".github/workflows/verify.yml"), "utf8"));
  const parts: number[] = jobs.part.strategy.matrix.part;
  const step = jobs.part.steps.find(({ uses = "" }) => uses.startsWith("./.github/actions"));
  for (const name of Object.keys(step.with)) assert.ok(name in inputs, `no input ${name}`);
  assert.match(step.with.part, new RegExp(`/${parts.length}$`));
  assert.equal(
    parts,
    parts.map((_, k) => k + 1),
  );
});

/** The action's steps as a workflow, for actionlint knows no actions. */
function asWorkflow(): string {
  const { inputs, runs } = parse(readFileSync(join(FOLDER, "action.yml"), "utf8"));
  for (const input of Object.values<{ type?: string }>(inputs)) input.type = "string";
  const verify = { "runs-on": "ubuntu-latest", steps: runs.steps };
  return stringify({ on: { workflow_call: { inputs } }, jobs: { verify } });
}

test("actionlint finds nothing in the workflow, and nothing in the action's steps", ({
  workspace,
}) => {
  const steps = join(workspace, "steps.yml");
  writeFileSync(steps, asWorkflow());
  for (const file of [".github/workflows/verify.yml", steps]) {
    const options = { cwd: ROOT, encoding: "utf8" } as const;
    const lint = spawnSync("actionlint", ["-no-color", file], options);
    if (lint.error) return console.log("skipped: actionlint: it is not installed");
    assert.is(lint.status, 0, lint.stdout);
  }
});

if ("Deno" in globalThis) console.log("skipped: the action: its steps run npm and Node");
else test.run();
