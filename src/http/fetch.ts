/**
 * The endpoint as a bare `fetch` handler, for platforms without disk or threads.
 * Models, fixtures and the dataset come from RETHINK_ORIGIN, an address with
 * models/, fixtures/ and cifar10/ below it; wasm runs the models.
 */
import { originStorage } from "../datasets/origin.ts";
import { InputError } from "../datasets/storage.ts";
import { openWasm } from "../evaluation/runtimes/wasm.ts";
import { importPrivateKey } from "../receipts/keys.ts";
import { createFetch } from "./app.ts";
import { jsonLines } from "./log.ts";
import { createService } from "./service.ts";
import { readSettings } from "./settings.ts";

type Environment = Record<string, string | undefined>;

/** @throws InputError if a variable is missing or wrong. */
export async function createHandler(environment: Environment) {
  const { limits, log } = readSettings(environment);
  const { RETHINK_ORIGIN: origin, RETHINK_SIGNING_KEY: pem } = environment;
  if (!origin || !URL.canParse(origin)) {
    throw new InputError("RETHINK_ORIGIN must be the address that has models/ and cifar10/");
  }
  const files = originStorage(origin);
  const service = createService({
    project: files,
    dataset: files,
    runtimes: [await openWasm()],
    limits,
    ...(pem && { signingKey: await importPrivateKey(pem, "RETHINK_SIGNING_KEY") }),
    log: jsonLines(log),
  });
  return { fetch: createFetch(service) };
}

let handler: ReturnType<typeof createHandler> | undefined;

export default {
  /** The environment comes with the request on platforms that have no other. */
  async fetch(request: Request, environment?: Environment): Promise<Response> {
    handler ??= createHandler(environment ?? globalThis.process?.env ?? {});
    return await (await handler).fetch(request);
  },
};
