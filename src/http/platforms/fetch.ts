/**
 * The endpoint as a bare `fetch` handler, for platforms without disk or threads.
 * Models, fixtures and the dataset come from RETHINK_ORIGIN: what `rethink publish` wrote, or
 * an address with models/, fixtures/ and cifar10/ below it. Wasm runs the models.
 */
import { Hono } from "hono";
import { originStorage } from "../../datasets/origin.ts";
import { publishedOrigin } from "../../datasets/published-origin.ts";
import { InputError } from "../../datasets/storage.ts";
import { openWasm } from "../../evaluation/runtimes/wasm.ts";
import { importPrivateKey } from "../../receipts/keys.ts";
import { createFetch } from "../app.ts";
import { jsonLines } from "../middleware/log.ts";
import type { Handler } from "../middleware/microcache.ts";
import { Problem, problemResponse } from "../answers/problem.ts";
import { createService } from "../service.ts";
import { readSettings } from "../settings.ts";

type Environment = Record<string, string | undefined>;

/** @throws InputError if a variable is missing or wrong. */
export async function createHandler(environment: Environment) {
  const { origin, limits, log } = readSettings(environment);
  if (!origin)
    throw new InputError("RETHINK_ORIGIN must be set; rethink serve --help says to what");
  const pem = environment.RETHINK_SIGNING_KEY;
  const files = publishedOrigin(originStorage(origin));
  const service = createService({
    project: files,
    dataset: files,
    counting: false, // 180 MB over HTTP would be too much for one answer
    runtimes: [await openWasm()],
    limits,
    ...(pem && { signingKey: await importPrivateKey(pem, "RETHINK_SIGNING_KEY") }),
    log: jsonLines(log),
  });
  return { fetch: createFetch(service) };
}

/** Answers while there is no handler. Why is for the log alone. */
const unopened = new Hono().all("*", (c) =>
  problemResponse(c, new Problem("data-unavailable", "the server could not start")),
);

let handler: Promise<{ fetch: Handler }> | undefined;

/** The one handler; what failed to open is opened anew for the next request. */
function opened(environment: Environment): Promise<{ fetch: Handler }> {
  handler ??= createHandler(environment).catch((error) => {
    handler = undefined;
    jsonLines("errors")({ level: "error", event: "cannot start", error: String(error) });
    return unopened;
  });
  return handler;
}

export default {
  /**
   * The environment comes with the request on platforms that have no other; on some,
   * such as `deno serve`, what comes is the connection.
   */
  async fetch(request: Request, second?: object): Promise<Response> {
    const given = second && "RETHINK_ORIGIN" in second ? (second as Environment) : undefined;
    const { fetch } = await opened(given ?? globalThis.process?.env ?? {});
    return await fetch(request);
  },
};
