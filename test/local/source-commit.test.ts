/** Whose commit a checkpoint names: the project's own, or none. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sourceCommit } from "../../src/local/source-commit.ts";

test("the project's own commit, and whether src is as it was then; not that of a project around it", () => {
  const folder = mkdtempSync(join(tmpdir(), "rethink-commit-"));
  assert.is(sourceCommit(folder), "unknown");
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
  const git = (...args: string[]) =>
    execFileSync("git", [...who, ...args], { cwd: folder, encoding: "utf8" }).trim();
  git("init", "-q");
  git("commit", "-q", "--allow-empty", "-m", "one");
  assert.is(sourceCommit(folder), git("rev-parse", "HEAD"));
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src/x.ts"), "");
  assert.is(sourceCommit(folder), `${git("rev-parse", "HEAD")}-dirty`);
  assert.is(sourceCommit(join(folder, "src")), "unknown");
  rmSync(folder, { recursive: true });
});

test.run();
