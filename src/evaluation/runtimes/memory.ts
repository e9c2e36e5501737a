/** How many threads of wasm fit into memory: one that does not is killed, with no word said. */
import { freemem } from "node:os";
import { InputError } from "../../datasets/storage.ts";

const MIB = 2 ** 20;

/** What a thread was seen to take at most: Inception's activations, and onnxruntime-web itself. */
const PER_THREAD = 275 * MIB;

/** What stays free for this process beside its threads. */
const SPARE = 50 * MIB;

/** Bytes that may still be taken: by the machine, and by the limit that a container sets. */
function available(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  return availableMemory?.call(process) ?? freemem(); // Node 20.13 and newer; not under Deno
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
