/** onnxruntime-node, fetched where it is not installed. */
import { requireOnnxruntime } from "../../npm/onnxruntime-node.ts";
import { nativeOf } from "./native-of.ts";
import type { Runtime } from "./runtime.ts";

/**
 * @param threads that a session computes on; by default as many as the machine has cores
 * @throws InputError where the package cannot be fetched or has no binary for this platform.
 */
export async function openNative(threads?: number): Promise<Runtime> {
  return nativeOf(await requireOnnxruntime(), threads);
}
