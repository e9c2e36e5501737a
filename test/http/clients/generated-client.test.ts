/** Clients that others' generators make of /openapi.json, asked against a real server. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CACHE } from "../../../src/local/dataset.ts";
import { startServer } from "../server.ts";

const PACKAGES = ["openapi-python-client==0.29.1", "openapi-generator-cli==7.26.0"];
const READ = fileURLToPath(new URL("read.py", import.meta.url));

function skip(why: string): undefined {
  console.log(`skipped: generated clients: ${why}`);
}

/** A Python with both generators, made once. */
function environment(): string | undefined {
  if ("Deno" in globalThis) return skip("Node's run has asked the same server");
  const folder = join(CACHE, "client-generators");
  const bin = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const done = join(folder, PACKAGES.join(" "));
  if (existsSync(done)) return bin;
  const python = process.env.RETHINK_PYTHON ?? "python3";
  const pip = ["-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "10"];
  for (const [program, args] of [
    [python, ["-m", "venv", "--clear", folder]],
    [join(bin, "python"), [...pip, ...PACKAGES, "python-dateutil", "pydantic", "urllib3"]],
  ] as const) {
    const run = spawnSync(program, args, { encoding: "utf8" });
    if (run.status !== 0)
      return skip(run.error?.message ?? run.stderr.trim().split("\n").at(-1) ?? "");
  }
  writeFileSync(done, "");
  return bin;
}

const bin = environment();
if (bin) {
  test("a generated client reads claims, checkpoints, an evaluation and verifications", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rethink-"));
    const server = await startServer("node");
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    const run = (program: string, ...args: string[]) => {
      const { status, stdout, stderr, error } = spawnSync(program, args, {
        cwd: folder,
        encoding: "utf8",
        env,
      });
      assert.is(status, 0, `${program}: ${error?.message ?? ""} ${stdout} ${stderr}`);
      return stdout;
    };
    try {
      const url = `${server.origin}/openapi.json`;
      run(
        "openapi-python-client",
        "generate",
        "--url",
        url,
        "--meta",
        "none",
        "--output-path",
        "first",
      );
      const java = spawnSync("java", ["-version"]).status === 0;
      if (java)
        run(
          "openapi-generator-cli",
          ..."generate -g python --package-name second -o .".split(" "),
          "-i",
          url,
        );
      else console.log("skipped: the client of openapi-generator: there is no java");
      const answers = run("python", READ, server.origin, folder).trim().split("\n");
      assert.is(answers.length, java ? 2 : 1);
      for (const line of answers) {
        assert.match(line, /'0\.9008'/); // theorem1.random-labels: 563/625
        assert.match(line, /\(1, 'reproduced'\)\]$/);
      }
    } finally {
      await server.end();
      rmSync(folder, { recursive: true });
    }
  });
}

test.run();
