/**
 * Runs every test file in a process of its own, one a core and at most four at
 * once, and adds up what uvu reports.
 * A file that ran no test and does not say "skipped: what: why" fails: uvu
 * itself passes a suite that forgot .run().
 * Works under Node (with tsx) and under Deno.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";

const root = fileURLToPath(new URL("../", import.meta.url));
const command = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
const total = { passed: 0, failed: 0, skipped: 0 };

const wanted = process.argv.slice(2);
const files = readdirSync(`${root}test`, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();

async function run(
  file: string,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [...command, `test/${file}`], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close") as Promise<[number | null]>;
  const [[status], stdout, stderr] = await Promise.all([
    closed,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}

function report(file: string, { status, stdout, stderr }: Awaited<ReturnType<typeof run>>): void {
  const count = (word: string) =>
    Number(new RegExp(`^\\s*${word}:\\s+(\\d+)`, "m").exec(stdout)?.[1] ?? 0);
  const ran = count("Total");
  const passed = count("Passed");
  const skipped = stdout.split("\n").filter((line) => line.startsWith("skipped:"));
  const crashed = status !== 0 && ran === passed;
  const empty = ran === 0 && skipped.length === 0;
  console.log(`${file}: ${passed} of ${ran} passed`);
  if (status !== 0 || empty) console.log(stdout, stderr);
  else for (const text of [...skipped, stderr.trim()]) if (text) console.log(text);
  total.passed += passed;
  total.skipped += count("Skipped") + skipped.length;
  total.failed += ran - passed - count("Skipped") + (crashed || empty ? 1 : 0);
}

const limit = pLimit(Math.min(4, availableParallelism()));
await Promise.all(files.map((file) => limit(async () => report(file, await run(file)))));

const skipped = total.skipped ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
