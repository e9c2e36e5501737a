/**
 * The endpoint as a bare `fetch` handler, for platforms without disk or threads.
 * Models, fixtures and the dataset come from RETHINK_ORIGIN, an address with
 * models/, fixtures/ and cifar10/ below it; wasm runs the models.
 */
import * as v from "valibot";
import { originStorage } from "../datasets/origin.ts";
import { openWasm } from "../evaluation/runtimes/wasm.ts";
import { importPrivateKey } from "../receipts/keys.ts";
import { createApp } from "./app.ts";
import { createService } from "./service.ts";
import { readSettings } from "./settings.ts";

type Environment = Record<string, string | undefined>;

const OriginSchema = v.pipe(v.string("it must be set"), v.url("it must be an address"));

/** @throws InputError or ValiError if a variable is missing or wrong. */
export async function createHandler(environment: Environment) {
  const { limits } = readSettings(environment);
  const files = originStorage(v.parse(OriginSchema, environment.RETHINK_ORIGIN));
  const { RETHINK_SIGNING_KEY: pem } = environment;
  const service = createService({
    project: files,
    dataset: files,
    runtimes: [await openWasm()],
    limits,
    ...(pem && { signingKey: await importPrivateKey(pem, "RETHINK_SIGNING_KEY") }),
    log: (record) => console.log(JSON.stringify(record)),
  });
  return createApp(service);
}

let handler: ReturnType<typeof createHandler> | undefined;

export default {
  /** The environment comes with the request on platforms that have no other. */
  async fetch(request: Request, environment?: Environment): Promise<Response> {
    handler ??= createHandler(environment ?? globalThis.process?.env ?? {});
    return await (await handler).fetch(request);
  },
};
