/** A server that can write no key of its own serves all but receipts, and says so once. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];

test("it starts, answers, and names the variable that would bring receipts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rethink-"));
  writeFileSync(join(folder, "file"), ""); // no folder: nothing can be written below it, by anybody
  const child = spawn(process.execPath, [...launch, join(root, "src/cli/main.ts"), "serve"], {
    cwd: root,
    env: {
      ...process.env,
      RETHINK_PORT: "0",
      RETHINK_SIGNING_KEY_FILE: join(folder, "file", "key.pem"),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let printed = "";
  const origin = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (text) => {
      printed += text;
      const found = /serves (http:\S+)/.exec(printed)?.[1];
      if (found) resolve(found);
    });
    child.once("close", () => reject(new Error(printed)));
  });
  try {
    assert.is((await fetch(`${origin}/livez`)).status, 200);
    const refused = await fetch(`${origin}/.well-known/rethink-receipts.pem`);
    assert.is(refused.status, 406);
    const lines = printed.split("\n").filter((line) => line.includes("receipts"));
    assert.is(lines.length, 1, printed);
    assert.match(lines[0] as string, /^no receipts are signed: .*key\.pem .*RETHINK_SIGNING_KEY$/);
  } finally {
    process.kill(child.pid as number, "SIGTERM");
    await new Promise((resolve) => child.once("close", resolve));
    rmSync(folder, { recursive: true });
  }
});

test.run();
