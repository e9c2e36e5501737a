/** The command as its user runs it: every recipe and every claim by name. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLAIMS } from "../../src/claims/claims.ts";
import { RECIPES } from "../../src/recipes.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];

test("checkpoints are published or have a command, and every claim is named", () => {
  const run = spawnSync(process.execPath, [...launch, "src/cli/main.ts", "list"], {
    cwd: root,
    encoding: "utf8",
  });
  assert.is(run.status, 0, run.stderr);
  const lines = run.stdout.split("\n");
  for (const id of Object.keys(RECIPES)) {
    const line = lines.find((l) => l.startsWith(`  ${id} `)) ?? "";
    assert.ok(line.endsWith(" published") || line.endsWith(` npm run train -- ${id}`), id);
  }
  for (const { id } of CLAIMS)
    assert.ok(
      lines.some((line) => line.startsWith(`  ${id}: `)),
      id,
    );
  assert.ok(lines.every((line) => line.length <= 120));
});

test.run();
