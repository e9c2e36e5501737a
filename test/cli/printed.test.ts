/** What a server or a file says reaches no terminal as anything but text. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { edit, homeOfOne, ID, ROOT } from "../home.ts";

const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
const RED = "\x1b[31m\x1b]0;owned\x07\x9b2J\u202e";

async function rethink(args: string[], environment: Record<string, string>) {
  const child = spawn(process.execPath, [...launch, join(ROOT, "src/cli/main.ts"), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { code: child.exitCode, out, error };
}

const unprintable = /(?![\n\t])[\p{Cc}\p{Cf}]/u;

test("a server's problem and a fixture are shown, and do nothing", async () => {
  const server = createServer((_, response) => {
    const problem = { type: "/problems/bad-parameter", detail: `no\n${RED} all that ran matched` };
    response.writeHead(400, { "Content-Type": "application/problem+json" });
    response.end(JSON.stringify(problem));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const home = homeOfOne();
  cpSync(join(ROOT, "fixtures/claims.json"), join(home, "fixtures/claims.json"));
  const only = ["--checkpoint", ID, "--shards", "1"];
  const cache = { RETHINK_HOME: home, RETHINK_CACHE: join(home, "cache") };
  try {
    const asked = await rethink(["verify", ...only, "--url", url], cache);
    edit(
      join(home, `fixtures/${ID}.json`),
      '"onnxruntime-node"',
      JSON.stringify(RED).replace(/"$/, '\\u009b"'),
    );
    edit(
      join(home, `models/${ID}/checkpoint.json`),
      `"id": "${ID}"`,
      `"id": ${JSON.stringify(RED)}`,
    );
    const read = await rethink(["verify", ...only], { ...cache, RETHINK_CACHE: "" });
    for (const { code, out, error } of [asked, read]) {
      assert.is.not(code, 0);
      assert.not.match(out + error, unprintable);
    }
    assert.match(
      asked.error,
      /no\\u000a\\u001b\[31m\\u001b\]0;owned\\u0007\\u009b2J\\u202e all that/,
    );
  } finally {
    server.close();
    rmSync(home, { recursive: true });
  }
});

test.run();
