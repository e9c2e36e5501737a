/**
 * The endpoint as a bare `fetch` handler, for platforms without disk or threads.
 * Models, fixtures and the dataset come from RETHINK_ORIGIN: what `rethink publish` wrote, or
 * an address with models/, fixtures/ and cifar10/ below it. Wasm runs the models.
 */
import { openWasm } from "../../evaluation/runtimes/wasm.ts";
import { type Environment, openedOnce } from "./bare.ts";
import { withoutLength } from "./lengthless.ts";

/** @param compile gives onnxruntime-web's module, where that cannot find its file */
export function createFetchHandler(compile?: () => Promise<WebAssembly.Module>) {
  const opened = openedOnce({ openRuntimes: async () => [await openWasm(await compile?.())] });
  return {
    /**
     * The environment comes with the request on platforms that have no other; on some,
     * such as `deno serve`, what comes is the connection.
     */
    async fetch(request: Request, second?: object): Promise<Response> {
      const given = second && "RETHINK_ORIGIN" in second ? (second as Environment) : undefined;
      const { fetch } = await opened(given ?? globalThis.process?.env ?? {});
      const response = await fetch(request);
      return "Deno" in globalThis ? withoutLength(request.method, response) : response;
    },
  };
}

export default createFetchHandler();
