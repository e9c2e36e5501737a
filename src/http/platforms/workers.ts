/**
 * The endpoint as a Cloudflare Worker. Its build gives it onnxruntime-web's compiled module, as
 * Workers compile none. The files come from the first that there is: the R2 bucket BUCKET, the KV
 * namespace KV, the binding ASSETS, which may be the Worker's static assets or any service, or
 * RETHINK_ORIGIN. Answers are kept in the platform's cache, by their digest.
 */
import { originStorage } from "../../datasets/origin.ts";
import type { Storage } from "../../datasets/storage.ts";
import { openWasm } from "../../evaluation/runtimes/wasm.ts";
import type { SharedAnswers } from "../making/answers.ts";
import { type Environment, openedOnce } from "./bare.ts";
import { type Bucket, bucketStorage, type Namespace, namespaceStorage } from "./bindings.ts";

/** What a Worker's fetch is given beside the request; bindings are more than texts. */
interface Bindings {
  BUCKET?: Bucket;
  KV?: Namespace;
  ASSETS?: { fetch: typeof fetch };
  [name: string]: unknown;
}

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

const MIB = 2 ** 20;
/** An isolate has 128 MB; these leave the model that runs the most of it. */
const MEMORY = { files: 16 * MIB, sessions: 1, blocks: 2, answers: MIB, archives: MIB };
/** Images a call of the runtime: an Inception takes 3 MB for each. */
const IMAGES = 10;
/** What ASSETS is asked for; the binding looks at the path alone. */
const ASSETS = "https://assets.invalid/";
/** How long another isolate may find an answer: what answers look like may change with the code. */
const SECONDS = 86_400;

function textsOf(bindings: Bindings): Environment {
  const texts = Object.entries(bindings).filter(([, value]) => typeof value === "string");
  return { RETHINK_EVALUATIONS: "1", ...Object.fromEntries(texts) }; // more would be as slow, and larger
}

/** Where the files are, if not at RETHINK_ORIGIN. */
function filesOf({ BUCKET: bucket, KV: kv, ASSETS: assets }: Bindings): { files?: Storage } {
  if (bucket) return { files: bucketStorage(bucket) };
  if (kv) return { files: namespaceStorage(kv) };
  if (!assets) return {};
  return { files: originStorage(ASSETS, { fetch: (...request) => assets.fetch(...request) }) };
}

/** What is used here of the platform's cache, which all isolates of a place share. */
interface Cache {
  match(address: string): Promise<Response | undefined>;
  put(address: string, response: Response): Promise<void>;
}

function answersIn(cache: Cache): SharedAnswers {
  const addressOf = (digest: string) => `https://answers.invalid/${digest}`;
  const headers = { "Cache-Control": `max-age=${SECONDS}` };
  return {
    get: async (digest) => await (await cache.match(addressOf(digest)))?.text(),
    put: (digest, text) => cache.put(addressOf(digest), new Response(text, { headers })),
  };
}

/** The Worker's default export. */
export function createWorker(compiled: WebAssembly.Module) {
  const openRuntimes = async () => [await openWasm(compiled)];
  const { default: cache } = (globalThis as unknown as { caches: { default: Cache } }).caches;
  let opened: ReturnType<typeof openedOnce> | undefined;
  return {
    async fetch(request: Request, bindings: Bindings, context: Context): Promise<Response> {
      opened ??= openedOnce({
        openRuntimes,
        images: IMAGES,
        memory: MEMORY,
        sharedAnswers: answersIn(cache),
        ...filesOf(bindings),
      });
      const waitUntil = (work: Promise<unknown>) => context.waitUntil(work);
      const answer = opened(textsOf(bindings)).then(({ fetch }) => fetch(request, { waitUntil }));
      // Others may wait for what this request began, so it goes on when its client leaves.
      waitUntil(answer.catch(() => {}));
      return await answer;
    },
  };
}
