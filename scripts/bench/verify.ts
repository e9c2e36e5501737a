/** The default `verify` as a user runs it: seconds, and the most memory it held. */
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { openDataset, PROJECT } from "../../src/local/dataset.ts";

// Read when the process ends, by the process itself; in KiB.
const REPORT =
  'data:text/javascript,process.on("exit",()=>console.error("maxRSS "+process.resourceUsage().maxRSS))';

export async function benchVerify(): Promise<void> {
  await openDataset(); // so that converting it is not counted
  const started = performance.now();
  const run = spawnSync(
    process.execPath,
    ["--import", "tsx", "--import", REPORT, "src/cli/main.ts", "verify"],
    { cwd: PROJECT, encoding: "utf8" },
  );
  const seconds = (performance.now() - started) / 1000;
  const peak = Number(/maxRSS (\d+)/.exec(run.stderr)?.[1]) / 1024;
  console.log(
    `verify: ${seconds.toFixed(1)} s, at most ${peak.toFixed(0)} MiB, exit ${run.status}`,
  );
}
