/** What the benchmarks measure with: quantiles, and the memory of a process. */
import { readdir, readFile } from "node:fs/promises";

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
