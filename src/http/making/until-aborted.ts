/** Work is waited for until a signal aborts, where what it waits for itself heeds none. */
import type { Storage } from "../../datasets/storage.ts";

/** @throws what the work throws; the reason of the signal, which does not end the work. */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let leave = () => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
  });
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** A storage that is waited for so: one that never answers holds nothing up. */
export function heeding<S extends Storage>(signal: AbortSignal, storage: S): S {
  return {
    ...storage,
    read: (...range) => untilAborted(signal, storage.read(...range)),
    exists: (path) => untilAborted(signal, storage.exists(path)),
    version: (path) => untilAborted(signal, storage.version(path)),
  };
}
