/**
 * The endpoint as a Cloudflare Worker. Its build gives it onnxruntime-web's compiled module, as
 * Workers compile none. The files come from RETHINK_ORIGIN, or through the binding ASSETS, which
 * may be the Worker's static assets or any service.
 */
import { smallBatches } from "../../evaluation/runtimes/small-batches.ts";
import { openWasm } from "../../evaluation/runtimes/wasm.ts";
import { type Environment, openedOnce } from "./bare.ts";

/** What a Worker's fetch is given beside the request; bindings are more than texts. */
interface Bindings {
  ASSETS?: { fetch: typeof fetch };
  [name: string]: unknown;
}

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/** An isolate has 128 MB; these leave the model that runs the most of it. */
const MEMORY = { files: 16 * 2 ** 20, sessions: 1, blocks: 2 };
/** Images a call of the runtime: an Inception takes 3 MB for each. */
const IMAGES = 10;
/** What ASSETS is asked for; the binding looks at the path alone. */
const ASSETS = "https://assets.invalid/";

function textsOf(bindings: Bindings): Environment {
  const texts = Object.entries(bindings).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts) as Environment;
}

/** The Worker's default export. */
export function createWorker(compiled: WebAssembly.Module) {
  const openRuntimes = async () => [smallBatches(await openWasm(compiled), IMAGES)];
  let opened: ReturnType<typeof openedOnce> | undefined;
  return {
    async fetch(request: Request, bindings: Bindings, context: Context): Promise<Response> {
      const { ASSETS: assets } = bindings;
      opened ??= openedOnce({
        openRuntimes,
        memory: MEMORY,
        ...(assets && { origin: { fetch: (...request) => assets.fetch(...request) } }),
      });
      const environment = textsOf(bindings);
      if (assets) environment.RETHINK_ORIGIN ||= ASSETS;
      const answer = opened(environment).then((handler) => handler.fetch(request));
      // Others may wait for what this request began, so it goes on when its client leaves.
      context.waitUntil(answer.catch(() => {}));
      return await answer;
    },
  };
}
