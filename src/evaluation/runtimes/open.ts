/** The runtimes by name; a package is loaded only when it is asked for. */
import type { Runtime, RuntimeName } from "./runtime.ts";

/** @param threads of native's own, a session; wasm has one */
export async function openRuntime(name: RuntimeName, threads?: number): Promise<Runtime> {
  switch (name) {
    case "native":
      return (await import("./native.ts")).openNative(threads);
    case "wasm":
      return (await import("./wasm.ts")).openWasm();
    default:
      throw name satisfies never;
  }
}
