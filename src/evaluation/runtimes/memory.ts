/** How many threads of wasm fit into memory: one that does not is killed, with no word said. */
import { readFileSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import { MachineFault } from "../../datasets/storage.ts";

const MIB = 2 ** 20;

/** What a thread was seen to take at most: Inception's activations, and onnxruntime-web itself. */
const PER_THREAD = 275 * MIB;

/** What this process was seen to take yet while its threads run, and some more. */
const SPARE = 200 * MIB;

/**
 * What the processes of a container have taken, without what the system keeps of files, which makes
 * room: `anon` in memory.stat, and `total_rss` in the older layout. 0 where nothing tells.
 */
function takenInContainer(): number {
  const read = (path: string) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  };
  const own = read("/proc/self/cgroup");
  const [, newer = ""] = /^0::(.*)$/m.exec(own) ?? [];
  const [, older = ""] = /^\d+:memory:(.*)$/m.exec(own) ?? [];
  const folders = [`memory${older}`, "memory", newer.slice(1), ""];
  const stats = folders.map((folder) => read(`/sys/fs/cgroup/${folder}/memory.stat`));
  const [, bytes = 0] = /^(?:total_rss|anon) (\d+)$/m.exec(stats.find(Boolean) ?? "") ?? [];
  return Number(bytes);
}

/** Bytes that a machine has left. macOS calls free what it has found no use for, which is next to nothing. */
export function freeMemory(platform = process.platform): number {
  return platform === "darwin" ? totalmem() / 2 : freemem();
}

/** Bytes that may still be taken: of the machine, and of the limit that a container sets. */
function available(): number {
  const { constrainedMemory } = process as { constrainedMemory?: () => number }; // Node 19.6 and newer, Deno
  const limit = constrainedMemory?.call(process) || Number.POSITIVE_INFINITY;
  if (limit >= totalmem()) return freeMemory();
  return Math.min(freeMemory(), limit - Math.max(process.memoryUsage().rss, takenInContainer()));
}

/**
 * As many threads as are wanted, or as fit.
 * @throws MachineFault if not even one does
 */
export function fittingThreads(wanted: number, bytes = available()): number {
  const fit = Math.floor((bytes - SPARE) / PER_THREAD);
  if (fit >= 1) return Math.min(wanted, fit);
  const [need, free] = [PER_THREAD + SPARE, bytes].map((n) => Math.ceil(Math.max(n, 0) / MIB));
  throw new MachineFault(
    `wasm needs ${need} MiB for one thread, and ${free} MiB are left here; give it more memory, or take --runtime native`,
  );
}
