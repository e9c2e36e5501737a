/** A server in a process of its own, and figures of it, for the benchmarks of the endpoint. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { PROJECT } from "../src/local/dataset.ts";

export interface Running {
  url: string;
  process: ChildProcess;
}

/** Starts a program that prints its address; the address is the first that appears. */
export async function start(
  args: string[],
  environment: Record<string, string> = {},
): Promise<Running> {
  const child = spawn(process.execPath, ["--import", "tsx", ...args], {
    cwd: PROJECT,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return await new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(`${args.join(" ")} ended before it listened`)));
    // Read to the end: a server whose log nobody reads waits for the reader.
    const listen = (text: Buffer) => {
      const url = /http:\/\/[\w.:]+/.exec(String(text))?.[0];
      if (url) resolve({ url, process: child });
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
  });
}

export function quantile(values: number[], q: number): number {
  return values.sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] as number;
}

/** Memory of a process, in MiB; NaN where the system does not tell. */
export async function memory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
