/**
 * Runs every test file in a process of its own, one a core and at most four at
 * once, and adds up what uvu reports.
 * A file that ran no test and does not say "skipped: what: why" fails: uvu
 * itself passes a suite that forgot .run(). One that does not end is ended, with
 * all that it started, and fails.
 * Works under Node (with tsx) and under Deno.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";
import { transformAll } from "./transform-all.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const command = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
const total = { passed: 0, failed: 0, skipped: 0 };

const wanted = process.argv.slice(2);
const all = readdirSync(`${root}test`, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .sort();
const isOf = (word: string) => (name: string) => `test/${name}`.includes(word);
const files = all.filter((name) => wanted.length === 0 || wanted.some((word) => isOf(word)(name)));
const unmet = wanted.filter((word) => !all.some(isOf(word)));

/** Milliseconds after which a file hangs, by far more than any takes. */
const HANGS = 10 * 60_000;
/** Milliseconds in which a process ends once all its tests have: what keeps it was left open. */
const LEAVES = 30_000;
/** Milliseconds for what a file started to be put away. */
const GOODBYE = 10_000;

interface Ran {
  status: number | null;
  seconds: number;
  stdout: string;
  stderr: string;
}

const running = new Set<ChildProcess>();

/** A signal for a process and those that it started. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {} // all of them have ended
}

async function run(file: string): Promise<Ran> {
  const began = performance.now();
  const child = spawn(process.execPath, [...command, `test/${file}`], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, which ends as one
  });
  running.add(child);
  const said = { stdout: "", stderr: "" };
  const end = (why: string) => {
    said.stderr += `\n${file} ${why}, and was ended`;
    signal(child, "SIGTERM");
    setTimeout(signal, GOODBYE, child, "SIGKILL").unref();
  };
  let timer = setTimeout(end, HANGS, `did not end in ${HANGS / 60_000} minutes`);
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text) => {
      said[name] += text;
      if (!/^\s*Duration:/m.test(text)) return;
      clearTimeout(timer);
      timer = setTimeout(end, LEAVES, `went on after its tests for ${LEAVES / 1000} s`);
    });
  child.once("exit", () => signal(child, "SIGKILL")); // whom it left running
  const [status] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  running.delete(child);
  return { status, seconds: (performance.now() - began) / 1000, ...said };
}

for (const name of ["SIGINT", "SIGTERM"] as const)
  process.once(name, () => {
    for (const child of running) signal(child, name);
    process.exit(1);
  });

function report(file: string, { status, seconds, stdout, stderr }: Ran): void {
  const count = (word: string) =>
    Number(new RegExp(`^\\s*${word}:\\s+(\\d+)`, "m").exec(stdout)?.[1] ?? 0);
  const ran = count("Total");
  const passed = count("Passed");
  const skipped = stdout.split("\n").filter((line) => line.startsWith("skipped:"));
  const empty = ran === 0 && skipped.length === 0;
  const wrong = status !== 0 || passed < ran || empty;
  console.log(`${file}: ${passed} of ${ran} passed, ${seconds.toFixed(0)} s`);
  if (wrong) console.log(stdout, stderr);
  else for (const text of [...skipped, stderr.trim()]) if (text) console.log(text);
  total.passed += passed;
  total.skipped += count("Skipped") + skipped.length;
  total.failed += Math.max(ran - passed, wrong ? 1 : 0); // uvu's total is without what it skips
}

for (const word of unmet) console.error(`no file of tests has ${word} in its name`);
if (wanted.length === 0 && !("Deno" in globalThis)) await transformAll();
const limit = pLimit(Math.min(4, availableParallelism()));
await Promise.all(files.map((file) => limit(async () => report(file, await run(file)))));

const skipped = total.skipped ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 || total.passed === 0 || unmet.length > 0 ? 1 : 0;
