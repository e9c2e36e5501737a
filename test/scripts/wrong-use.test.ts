/** Scripts with options of their own: wrong use is a line and exit 2, for 1 would be a verdict. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../home.ts";

const LAUNCH = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
const WORKER = "deploy/workers/serve.ts";
for (const [script, args, said] of [
  [WORKER, "--bogus", /^worker: Unknown option '--bogus'/],
  [WORKER, "--claim table-2.true", /^worker: table-2\.true is not evaluated: ImageNet/],
  ["deploy/main.ts", "fetch workers", /^bundle: name one of /],
  ["deploy/main.ts", "fetch --native x64", /^bundle: --native is of lambda/],
  ["register.ts", "--bogus", /^register: Unknown option '--bogus'/],
  ["setup-training.ts", "--from=", /^setup:training: --from names no path$/],
] as const) {
  test(`${script} ${args}`, () => {
    const command = [...LAUNCH, join(ROOT, "scripts", script), ...args.split(" ")];
    const { status, stderr } = spawnSync(process.execPath, command, {
      cwd: ROOT,
      encoding: "utf8",
    });
    assert.is(status, 2, stderr);
    assert.match(stderr.trim(), said);
    assert.is(stderr.trim().split("\n").length, 1);
  });
}

test.run();
