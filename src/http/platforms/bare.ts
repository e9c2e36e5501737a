/** The endpoint where there is neither disk nor thread: files from an origin, one runtime, an environment that comes with a request. */
import { type OriginOptions, originStorage } from "../../datasets/origin.ts";
import { publishedOrigin } from "../../datasets/published-origin.ts";
import { InputError, type Storage } from "../../datasets/storage.ts";
import { BATCH } from "../../evaluation/evaluate.ts";
import { inTurns } from "../../evaluation/runtimes/in-turns.ts";
import type { Runtime } from "../../evaluation/runtimes/runtime.ts";
import { importPrivateKey } from "../../receipts/keys.ts";
import { Problem } from "../answers/problem.ts";
import { createFetch } from "../app.ts";
import { jsonLines } from "../middleware/log.ts";
import type { Handler } from "../middleware/microcache.ts";
import { routeless } from "../middleware/routeless.ts";
import { createService, type ServiceOptions } from "../service.ts";
import { clientAddress } from "./client-address.ts";
import { readSettings } from "../settings.ts";

export type Environment = Record<string, string | undefined>;

export interface Parts extends Pick<ServiceOptions, "memory" | "sharedAnswers"> {
  /** What runs models here; the first is what runs them if the client names none. */
  openRuntimes: () => Promise<Runtime[]>;
  /** Images a call of theirs. */
  images?: number;
  /** Where the files are, if not at RETHINK_ORIGIN. */
  files?: Storage;
  /** How the files are asked for there. */
  origin?: OriginOptions;
}

function originOf(origin: string | undefined, options?: OriginOptions): Storage {
  if (origin) return originStorage(origin, options);
  throw new InputError("RETHINK_ORIGIN must be set; rethink serve --help says to what");
}

/** @throws InputError if a variable is missing or wrong. */
export async function createHandler(environment: Environment, parts: Parts) {
  const settings = readSettings(environment);
  const { origin, limits, log, prefix } = settings;
  const pem = environment.RETHINK_SIGNING_KEY;
  const files = publishedOrigin(parts.files ?? originOf(origin, parts.origin));
  const runtimes = await parts.openRuntimes();
  const service = createService({
    project: files,
    dataset: files,
    counting: false, // 180 MB over HTTP would be too much for one answer
    runtimes: runtimes.map((runtime) => inTurns(runtime, parts.images ?? BATCH)),
    limits,
    prefix,
    ...(parts.memory && { memory: parts.memory }),
    ...(parts.sharedAnswers && { sharedAnswers: parts.sharedAnswers }),
    ...(pem && { signingKey: await importPrivateKey(pem, "RETHINK_SIGNING_KEY") }),
    log: jsonLines(log),
  });
  const answer = createFetch(service);
  const fetch: Handler = (request, asking) =>
    answer(request, { ...asking, ...clientAddress(undefined, request.headers, settings) });
  return { fetch };
}

/** Those of the settings that an answer needs where there is no handler: as they are set, if they can be. */
function settingsOf({ RETHINK_PREFIX, RETHINK_LOG }: Environment) {
  try {
    return readSettings({ RETHINK_PREFIX, RETHINK_LOG });
  } catch {
    return readSettings({});
  }
}

/** Answers while there is no handler. Why is for the log alone. */
function unopened(environment: Environment, why: unknown): { fetch: Handler } {
  const { prefix, log } = settingsOf(environment);
  return routeless({ prefix, log: jsonLines(log) }).all("*", () => {
    throw new Problem("data-unavailable", "the server could not start", {}, why);
  });
}

/** One handler for all requests; what failed to open is opened anew for the next one. */
export function openedOnce(
  parts: Parts,
): (environment: Environment) => Promise<{ fetch: Handler }> {
  let handler: Promise<{ fetch: Handler }> | undefined;
  return (environment) => {
    handler ??= createHandler(environment, parts).catch((error) => {
      handler = undefined;
      return unopened(environment, error);
    });
    return handler;
  };
}
