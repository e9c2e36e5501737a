/** Options that cannot be read leave no report that says what a run before found. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tellUnread } from "../../src/cli/unread.ts";

const test = suite("unread options", { folder: "" });
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "rethink-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

test("the reports that can be read say so, of this command alone, and over nothing that is read", async ({
  folder,
}) => {
  const [report, expect] = [join(folder, "r.json"), join(folder, "expected.json")];
  const wrong = new Error("error: unknown option '--bogus'");
  const tell = async (...args: string[]) => {
    writeFileSync(report, "passed");
    writeFileSync(expect, "expected");
    await tellUnread(args, wrong);
    assert.is(readFileSync(expect, "utf8"), "expected");
    return readFileSync(report, "utf8");
  };
  const reports = [`--report=json=${report}`, "--report", `junit=${expect}`, "--report", "x"];
  const told = JSON.parse(await tell("verify", ...reports, "--bogus", "--expect", expect));
  assert.equal([told.exitCode, told.error, told.passed], [2, wrong.message, false]);
  assert.is(await tell("verify", ...reports, "--receipt", report, "--expect", expect), "passed");
  assert.is(await tell("merge", "--bogus", folder, ...reports), "passed");
  assert.is(await tell("retrain", "x", "--json", ...reports), "passed");
});

test.run();
