/** Parts of a run as jobs run them, merged by the command: the whole run, or one line that says what is wrong. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { assertMergeable } from "../../src/cli/verify.ts";
import { type RunRecord, RunRecordSchema } from "../../src/verification/record.ts";
import { homeOfOne, ROOT } from "../home.ts";

const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];

const test = suite("merge", { home: "" });
test.before.each((context) => {
  context.home = homeOfOne();
});
test.after.each((context) => rmSync(context.home, { recursive: true }));

function rethink(home: string, args: string[]) {
  const program = join(ROOT, "src/cli/main.ts");
  const run = spawnSync(process.execPath, [...launch, program, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, RETHINK_HOME: home },
  });
  return { code: run.status, out: run.stdout, error: run.stderr };
}

function parsed(text: string): RunRecord {
  return v.parse(RunRecordSchema, JSON.parse(text)) as RunRecord;
}

/** What two runs of the same must have in common. */
function result({ started: _, seconds: __, expected: ___, ...rest }: RunRecord) {
  return rest;
}

test("a pipe among the parts is refused, and not waited for", ({ home }) => {
  const parts = join(home, "parts");
  mkdirSync(parts);
  if (spawnSync("mkfifo", [join(parts, "x.json")]).status !== 0) return; // Windows has none
  const { code, error } = rethink(home, ["merge", parts]);
  assert.is(code, 2);
  assert.match(error, /^rethink: cannot read x\.json \(it is no file\)/);
});

test("two parts are merged to the one run, which is as expected", ({ home }) => {
  const run = ["verify", "--seed", "7", "--shards", "2"];
  const expected = join(home, "expected.json");
  const whole = rethink(home, [...run, "--json", "--write-expect", expected]);
  assert.is(whole.code, 0, whole.error);
  const folder = join(home, "parts");
  for (const k of [1, 2]) {
    const report = `json=${join(folder, `job-${k}`, "report.json")}`;
    const part = rethink(home, [...run, "--part", `${k}/2`, "--report", report, "--quiet"]);
    assert.is(part.code, 0, part.error);
    assert.match(part.out, `part ${k} of 2: rethink merge decides`);
  }
  mkdirSync(join(folder, "not-a-report.json"));
  const junit = join(home, "rethink.xml");
  const args = ["merge", folder, "--json", "--expect", expected, "--report", `junit=${junit}`];
  const merged = rethink(home, args);
  assert.is(merged.code, 0, merged.error);
  assert.equal(result(parsed(merged.out)), result(parsed(whole.out)));
  assert.match(readFileSync(junit, "utf8"), /<testcase classname="Theorem 1" name="theorem-1">/);
  const first = join(folder, "job-1", "report.json");
  mkdirSync(join(folder, "again"));
  copyFileSync(first, join(folder, "again", "report.json"));
  const twice = rethink(home, ["merge", folder, "--json"]);
  assert.is(twice.code, 2);
  assert.match(twice.error, /^rethink: part 1 of 2 is there more than once: .*again.*, .*job-1/);
  assert.is(parsed(twice.out).exitCode, 2);
});

test("a part must draw what the others draw, and leave a report", ({ home }) => {
  const cases: [string[], RegExp][] = [
    [["--part", "1/2", "--json"], /--part needs --full, or the same --seed for all parts/],
    [["--part", "1/2", "--seed", "1"], /--part needs --report json=FILE/],
    [["--part", "3/2"], /it must be k\/n, the k-th of n parts: 2\/8/],
  ];
  for (const [args, line] of cases) {
    const run = rethink(home, ["verify", ...args]);
    assert.is(run.code, 2);
    assert.match(run.error, line);
  }
});

test("what the whole alone can give is asked of merge", () => {
  const part = { part: { part: 1, of: 1 }, full: true, json: true };
  assertMergeable(part);
  const line = /^a part decides no claim: give --expect to rethink merge, not to --part$/;
  assert.throws(() => assertMergeable({ ...part, expect: "e" }), line);
  assert.throws(() => assertMergeable({ ...part, writeExpect: "e" }), /give --write-expect to/);
  assertMergeable({ expect: "e" });
});

test.run();
