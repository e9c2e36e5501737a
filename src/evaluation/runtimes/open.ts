/** The runtimes by name; a package is loaded only when it is asked for. */
import type { Runtime, RuntimeName } from "./runtime.ts";

export async function openRuntime(name: RuntimeName): Promise<Runtime> {
  switch (name) {
    case "native":
      return (await import("./native.ts")).openNative();
    case "wasm":
      return (await import("./wasm.ts")).openWasm();
    default:
      throw name satisfies never;
  }
}
