/**
 * The program of a process that runs models. It lives as long as who started it, and is told to
 * end by nobody else: signals that a terminal sends to all are for that one alone.
 */
import { writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { answering } from "./answering.ts";

/** What the system ends first where memory is short, before who started this. */
function offerOneself(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // only Linux has it
  }
}

/** While a model computes in native code nothing else here sees that the parent was killed. */
function endWithParent(): void {
  const program = `
    import process from "node:process";
    setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, "SIGKILL"), 1000);`;
  new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`)).unref();
}

offerOneself();
endWithParent();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => {});
process.on("disconnect", () => process.exit());
process.on(
  "message",
  answering((reply) => process.send?.(reply)),
);
