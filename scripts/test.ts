/**
 * Runs every test file in a process of its own and adds up what uvu reports.
 * A file that ran no test and does not say "skipped: what: why" fails: uvu
 * itself passes a suite that forgot .run().
 * Works under Node (with tsx) and under Deno.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const command = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
const total = { passed: 0, failed: 0, skipped: 0 };

const wanted = process.argv.slice(2);
const files = readdirSync(`${root}test`, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();

for (const file of files) {
  const run = spawnSync(process.execPath, [...command, `test/${file}`], {
    cwd: root,
    encoding: "utf8",
  });
  const count = (word: string) =>
    Number(new RegExp(`^\\s*${word}:\\s+(\\d+)`, "m").exec(run.stdout)?.[1] ?? 0);
  const ran = count("Total");
  const passed = count("Passed");
  const skipped = run.stdout.split("\n").filter((line) => line.startsWith("skipped:"));
  const crashed = run.status !== 0 && ran === passed;
  const empty = ran === 0 && skipped.length === 0;
  console.log(`${file}: ${passed} of ${ran} passed`);
  if (run.status !== 0 || empty) console.log(run.stdout, run.stderr);
  else for (const text of [...skipped, run.stderr.trim()]) if (text) console.log(text);
  total.passed += passed;
  total.skipped += count("Skipped") + skipped.length;
  total.failed += ran - passed - count("Skipped") + (crashed || empty ? 1 : 0);
}

const skipped = total.skipped ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
