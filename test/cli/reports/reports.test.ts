/** Every report is made of the same record: whole, never empty, and true to what a reader of its kind takes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOMParser } from "linkedom";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { visible } from "../../../src/print.ts";
import { CLAIMS } from "../../../src/claims/claims.ts";
import { beginReports, deliver } from "../../../src/cli/deliver.ts";
import { type Ran, recordOf } from "../../../src/cli/ran.ts";
import { annotations, reportToGitHub } from "../../../src/cli/reports/github.ts";
import { junit } from "../../../src/cli/reports/junit.ts";
import { markdown } from "../../../src/cli/reports/markdown.ts";
import { reportOption } from "../../../src/cli/reports/report-option.ts";
import { writeReports } from "../../../src/cli/reports/write-reports.ts";
import { summaryText } from "../../../src/cli/text-report.ts";
import { InputError } from "../../../src/datasets/storage.ts";
import { expectationOf, parseExpectation } from "../../../src/verification/expectation.ts";
import { type RunRecord, RunRecordSchema } from "../../../src/verification/record.ts";
import { isUncompared } from "../../../src/verification/report.ts";
import { reported } from "../../verification/reported.ts";

const unreproduced = "mlp-1x512.random-labels.wd";
const report = await reported(["theorem1.random-labels", unreproduced]);
const asked = { checkpoints: [], published: [], all: true, guarded: false };
const ran: Ran = { report, claims: CLAIMS, asked };
const bad = {
  checkpoint: "alexnet.true",
  runtime: "native",
  result: "mismatch",
  reason: 'models/a has SHA-256 1, not "2" & <3>\u0007',
} as const;
const record = recordOf(ran, new Date());
const broken = recordOf(
  { ...ran, report: { ...report, checkpoints: [...report.checkpoints, bad], matched: false } },
  new Date(),
);
const nothing = { counted: false, checkpoints: [], verdicts: [], matched: false, passed: false };
const stopped = recordOf(
  { report: nothing, claims: [], error: new InputError("no dataset\nat all") },
  new Date(),
);

function casesIn(one: RunRecord) {
  const document = new DOMParser().parseFromString(junit(one), "text/xml");
  return [...document.querySelectorAll("testcase")].map((element) => ({
    suite: element.getAttribute("classname"),
    name: element.getAttribute("name"),
    kind: element.firstElementChild?.tagName.toLowerCase() ?? "passed",
    message: element.firstElementChild?.getAttribute("message") ?? "",
    text: element.textContent,
  }));
}

const test = suite("reports", { folder: "" });
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "rethink-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

test("JUnit: a claim is a case in its group's suite; not reproduced is a failure with the numbers", () => {
  const cases = casesIn(record);
  for (const { id, group } of CLAIMS) {
    const own = cases.find(({ name }) => name === id);
    assert.is(own?.suite, group);
    const status = record.verdicts.find(({ claim }) => claim === id)?.status;
    if (status === "not-reproduced") assert.is(own?.kind, "failure");
    if (status === "not-evaluated") {
      assert.is(own?.kind, "skipped");
      assert.ok(own?.message, "its reason");
    }
  }
  const failed = cases.find(({ name }) => name === `table-4.${unreproduced}`);
  assert.match(failed?.message ?? "", /^fits .*\d+\/50000, wanted ≥ 99\/100/);
  assert.match(failed?.text ?? "", /fails: fits .*\d+\/50000, wanted/);
});

test("JUnit: a mismatch is a failure, and no text breaks the XML", () => {
  const mismatch = casesIn(broken).find(({ name }) => name === "alexnet.true");
  assert.is(mismatch?.kind, "failure");
  assert.match(junit(broken), "SHA-256 1, not &quot;2&quot; &amp; &lt;3&gt;\u{FFFD}");
  assert.not.match(junit(broken), "\u0007");
});

test("what is expected not to be reproduced passes, and says so; the exit code agrees", () => {
  const expectation = expectationOf(record);
  assert.ok(expectation);
  const expected = recordOf({ ...ran, expectation }, new Date());
  assert.is(expected.exitCode, 0);
  assert.equal(expected.expected?.differences, []);
  const own = casesIn(expected).find(({ name }) => name === `table-4.${unreproduced}`);
  assert.is(own?.kind, "system-out");
  assert.match(own?.text ?? "", /^not reproduced, as expected/);
  const better = structuredClone(expectation);
  better.claims["theorem-1"] = "not-reproduced";
  const [entry] = Object.values(better.checkpoints);
  if (entry) entry.model = "0".repeat(64);
  const differs = recordOf({ ...ran, expectation: better }, new Date());
  assert.is(differs.exitCode, 1, "for the better, too");
  assert.match(differs.expected?.differences[0] ?? "", /theorem-1 is reproduced, expected not-rep/);
  assert.match(
    differs.expected?.differences[1] ?? "",
    /model of .* has SHA-256 \w+, expected 0000/,
  );
  assert.is(casesIn(differs)[0]?.kind, "failure");
});

test("what is expected not to be certified may be so, and is held to that", () => {
  const [first, ...rest] = report.checkpoints;
  const open = {
    ...report,
    checkpoints: [{ ...first, result: "not-certified" }, ...rest],
  } as never;
  const unexpected = recordOf({ ...ran, report: open }, new Date());
  assert.is(unexpected.exitCode, 1);
  const expectation = expectationOf(unexpected);
  const expected = recordOf({ ...ran, report: open, expectation }, new Date());
  assert.equal([expected.exitCode, expected.expected?.differences], [0, []]);
  assert.is(recordOf({ ...ran, expectation }, new Date()).exitCode, 1, "for the better, too");
});

test("an expectation that an editor gave a byte order mark is one", () => {
  const expectation = expectationOf(record);
  assert.equal(parseExpectation(`\uFEFF${JSON.stringify(expectation)}`, "x.json"), expectation);
});

test("of a run of all, what is gone differs; a further seed that was not asked for does not", () => {
  const expectation = structuredClone(expectationOf(record));
  const [entry] = Object.values(expectation?.checkpoints ?? {});
  assert.ok(expectation && entry);
  expectation.claims.lost = "reproduced";
  expectation.checkpoints.lost = entry;
  expectation.checkpoints["theorem1.random-labels.seed-1"] = entry;
  const published = ["theorem1.random-labels.seed-1"];
  const { expected } = recordOf(
    { ...ran, asked: { ...asked, published }, expectation },
    new Date(),
  );
  assert.equal(expected?.differences, [
    "claim lost is gone, expected reproduced",
    "checkpoint lost is gone, expected match",
  ]);
});

test("what ended sooner is held to what it found, not to what it did not come to", () => {
  const expectation = expectationOf(record);
  const verdicts = record.verdicts.map((verdict) => ({
    ...verdict,
    status: "not-evaluated" as const,
  }));
  const one = { ...report, checkpoints: report.checkpoints.slice(0, 1), verdicts };
  const ended: Ran = { ...ran, report: one, expectation, error: new InputError("no disk") };
  const fewer = recordOf(ended, new Date());
  assert.is(fewer.exitCode, 2);
  assert.equal(fewer.expected?.differences, []);
  const found = {
    ...one,
    verdicts: [{ ...record.verdicts[0], status: "not-reproduced" }],
  } as never;
  assert.is(recordOf({ ...ended, report: found }, new Date()).exitCode, 1);
});

test("a receipt that cannot be written takes nothing of the run away", async ({ folder }) => {
  const file = join(folder, "run.json");
  const options = { quiet: true, report: [{ kind: "json" as const, file }] };
  const code = await deliver(
    record,
    CLAIMS,
    options,
    new InputError("cannot write r.jsonl (EISDIR)"),
  );
  assert.is(code, 2);
  const whole = JSON.parse(JSON.stringify(record));
  assert.equal(JSON.parse(readFileSync(file, "utf8")), { ...whole, exitCode: 2 });
});

test("only a run that matched can be expected: another leaves the file what it is", async ({
  folder,
}) => {
  const file = join(folder, "expect.json");
  writeFileSync(file, "as it was");
  assert.is(expectationOf(broken), undefined);
  await deliver(broken, CLAIMS, { quiet: true, writeExpect: file });
  assert.is(readFileSync(file, "utf8"), "as it was");
  await deliver(record, CLAIMS, { quiet: true, writeExpect: file });
  assert.equal(
    JSON.parse(readFileSync(file, "utf8")),
    JSON.parse(JSON.stringify(expectationOf(record))),
  );
});

test("a run of all that left further seeds out says how many", () => {
  const seeds = ["a", "a.seed-1", "a.seed-2"];
  const of = (all: boolean) =>
    summaryText({ ...record, asked: { ...asked, all, published: seeds, checkpoints: ["a"] } });
  assert.match(of(true), /seed 0 alone: --full takes the 2 checkpoints of further seeds, too/);
  assert.not.match(of(false), /further seeds/);
});

test("JSON says what the command ends with, whichever other report cannot be written", async ({
  folder,
}) => {
  const file = join(folder, "run.json");
  const report = [
    { kind: "json" as const, file },
    { kind: "junit" as const, file: folder },
  ];
  assert.is(record.exitCode, 0);
  assert.is(await deliver(record, CLAIMS, { quiet: true, report }), 2);
  assert.is(JSON.parse(readFileSync(file, "utf8")).exitCode, 2);
});

test("what was drawn is what a split has, at most", () => {
  const drawn = (shards: number) => summaryText({ ...record, sampling: { shards, seed: 7 } });
  const least = Math.min(
    ...record.checkpoints.flatMap((one) =>
      isUncompared(one) ? [] : [one.splits.train.length, one.splits.test.length],
    ),
  );
  assert.match(drawn(least), new RegExp(`, ${least} shards? a split drawn with --seed 7: `));
  assert.match(drawn(1000), /, at most 1000 shards a split drawn with --seed 7: /);
});

test("a run that never began is an error in every report", () => {
  assert.equal(
    casesIn(stopped).map(({ kind }) => kind),
    ["error"],
  );
  assert.match(markdown(stopped), /^## rethink verify: 1 not as they should be\n/);
  assert.equal(annotations(stopped), [
    "::error title=rethink%3A verify::no dataset%0Aat all",
    "::notice title=rethink verify::0 of 0 checkpoints match, exit code 2",
  ]);
});

test("Markdown has a row for each case, whatever is in it", () => {
  const rows = markdown(broken)
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| +\||---/.test(line));
  assert.is(rows.length, 1 + broken.checkpoints.length + broken.verdicts.length);
  assert.match(markdown(broken), "\\<3\\>");
});

test("GitHub has its summary appended and annotations said; elsewhere nothing is annotated", async ({
  folder,
}) => {
  const lines: string[] = [];
  const summary = join(folder, "summary.md");
  const github = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
  for (const one of [record, broken]) await reportToGitHub(one, (line) => lines.push(line), github);
  assert.is(readFileSync(summary, "utf8"), markdown(record) + visible(markdown(broken)));
  assert.ok(
    lines.some((line) =>
      line.startsWith("::error title=rethink%3A alexnet.true::alexnet.true: mismatch: models"),
    ),
  );
  const before = lines.length;
  await reportToGitHub(record, (line) => lines.push(line), {});
  assert.is(lines.length, before);
});

test("until a run has ended its reports say so, whatever a run before left there", async ({
  folder,
}) => {
  const file = (name: string) => join(folder, name);
  writeFileSync(file("a.json"), JSON.stringify(record));
  const reports = reportOption(`json=${file("a.json")}`);
  await beginReports([...reports, { kind: "github" }, { kind: "junit", file: file("b.xml") }]);
  const begun = v.parse(RunRecordSchema, JSON.parse(readFileSync(file("a.json"), "utf8")));
  assert.is(begun.error, "the run was ended before its time");
  assert.is(begun.exitCode, 2);
  assert.match(readFileSync(file("b.xml"), "utf8"), /<error message="the run was ended before/);
});

test("reports are repeated, and one that cannot be written keeps none of the others", async ({
  folder,
}) => {
  const file = (name: string) => join(folder, name);
  const options = [
    `json=${file("a.json")}`,
    `junit=${file("b/c.xml")}`,
    `markdown=${file("d.md")}`,
  ];
  const reports = options.reduce<ReturnType<typeof reportOption>>(
    (before, text) => reportOption(text, before),
    [{ kind: "json", file: folder }],
  );
  const failures = await writeReports(broken, reports, () => {});
  assert.is(failures.length, 1);
  assert.equal(
    JSON.parse(readFileSync(file("a.json"), "utf8")),
    JSON.parse(JSON.stringify(broken)),
  );
  assert.is(readFileSync(file("b/c.xml"), "utf8"), visible(junit(broken)));
  assert.is(readFileSync(file("d.md"), "utf8"), visible(markdown(broken)));
  for (const wrong of ["", "json", "json=", "html=a", "github=a"])
    assert.throws(() => reportOption(wrong), /it must be github, or json=FILE/);
});

test.run();
