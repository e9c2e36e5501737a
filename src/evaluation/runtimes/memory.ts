/** How many threads of wasm fit into memory: one that does not is killed, with no word said. */
import { freemem } from "node:os";
import { InputError } from "../../datasets/storage.ts";

const MIB = 2 ** 20;

/** What a thread was seen to take at most: Inception's activations, and onnxruntime-web itself. */
const PER_THREAD = 275 * MIB;

/** What stays free for this process beside its threads. */
const SPARE = 50 * MIB;

/**
 * Bytes that may still be taken: of the machine, and of the limit that a container sets. What the
 * system keeps of files counts against the latter, too, but makes room, so only this process does here.
 */
function available(): number {
  const { constrainedMemory } = process as { constrainedMemory?: () => number }; // Node 19.6 and newer, Deno
  const limit = constrainedMemory?.call(process) || Number.POSITIVE_INFINITY;
  return Math.min(freemem(), limit - process.memoryUsage().rss);
}

/**
 * As many threads as are wanted, or as fit.
 * @throws InputError if not even one does
 */
export function fittingThreads(wanted: number, bytes = available()): number {
  const fit = Math.floor((bytes - SPARE) / PER_THREAD);
  if (fit >= 1) return Math.min(wanted, fit);
  const [need, free] = [PER_THREAD + SPARE, bytes].map((n) => Math.ceil(n / MIB));
  throw new InputError(
    `wasm needs ${need} MiB for one thread, and ${free} MiB are left here; give it more memory, or take --runtime native`,
  );
}
