/** Deno and nothing else in the path: its task verifies, and leaves nothing behind. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ID, ROOT } from "./home.ts";

/** The program that the npm package deno installs for this platform. */
function denoProgram(): string | undefined {
  if ("Deno" in globalThis) return process.execPath;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("deno/package.json"));
    const run = spawnSync(
      process.execPath,
      [join(folder, "bin.cjs"), "eval", "console.log(Deno.execPath())"],
      {
        encoding: "utf8",
      },
    );
    return run.status === 0 ? run.stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}

const program = denoProgram();
if (!program) console.log("skipped: Deno alone: the npm package deno has no program here");
else {
  test("deno task verify needs nothing else in the path, and writes no lock", () => {
    const path = mkdtempSync(join(tmpdir(), "rethink-"));
    try {
      symlinkSync(program, join(path, "deno"));
      const { RETHINK_CACHE } = process.env;
      const run = spawnSync(
        join(path, "deno"),
        ["task", "verify", "--checkpoint", ID, "--seed", "7", "--quiet"],
        {
          cwd: ROOT,
          encoding: "utf8",
          env: { PATH: path, HOME: path, ...(RETHINK_CACHE && { RETHINK_CACHE }) },
        },
      );
      assert.is(run.status, 0, run.stderr);
      assert.match(run.stdout, /all that ran matched\n2 claims: 2 reproduced/);
      assert.not(existsSync(join(ROOT, "deno.lock")));
    } finally {
      rmSync(path, { recursive: true });
    }
  });
}

test.run();
