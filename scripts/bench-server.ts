/** A server in a process of its own, and figures of it, for the benchmarks of the endpoint. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
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

/** The processes that a process started. */
async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const of = (task: string) =>
    readFile(`/proc/${pid}/task/${task}/children`, "utf8").catch(() => "");
  const lists = await Promise.all(tasks.map(of));
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}

/** Memory of a process and those that it started, in MiB; NaN where the system does not tell. */
export async function memory(pid = 0): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
  const others = await Promise.all((await childrenOf(pid)).map(memory));
  return others.reduce((sum, one) => sum + (one || 0), own);
}
