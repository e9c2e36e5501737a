/** Asks a server for evaluations, patiently: slow, busy and failing answers are asked again. */
import ky, { HTTPError, type KyInstance, type RetryOptions, TimeoutError } from "ky";
import * as v from "valibot";
import { readAddress } from "../datasets/address.ts";
import { boundedBody, withinOrigin } from "../datasets/bounded-fetch.ts";
import type { Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError, MismatchError } from "../datasets/storage.ts";
import type { Range } from "../evaluation/evaluate.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { faultOf } from "../issue.ts";
import { oneLine } from "../print.ts";

export interface Question extends Range {
  checkpoint: string;
  /** SHA-256 of the model.onnx that is meant. */
  sha256: string;
  split: Split;
  runtime: RuntimeName;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Of a package, or its version: it is printed and signed. */
const Name = v.pipe(
  v.string(),
  v.regex(/^[\w@/.+-]{1,100}$/, "it must be a name of 100 characters at most"),
);

const AnswerSchema = v.object({
  checkpoint: v.string(),
  sha256: v.string(),
  split: v.string(),
  start: count,
  end: count,
  runtime: v.object({ name: v.string(), package: Name, version: Name }),
  correct: count,
  predictions: v.array(v.pipe(count, v.maxValue(9))),
  predictionsSha256: v.string(),
  logitsSha256: v.optional(v.string()),
});

export interface Answer {
  runtime: { package: string; version: string };
  correct: number;
  /** uint8 [end − start]. */
  predictions: Uint8Array<ArrayBuffer>;
  /** Of float32 [end − start, 10], little-endian; of wasm alone. */
  logitsSha256?: string;
}

const SECOND = 1000;
/** Seconds that Retry-After may ask for. */
const PATIENCE = 60;
/** Seconds for which a server may say that it is busy: it will have its turn for us. */
const BUSY_PATIENCE = 600;
/** An evaluation of a whole split with all of its predictions takes a tenth. */
const ANSWER_BYTES = 2 ** 20;
/** How often it may fail otherwise. */
const TRIES = 5;

/** Seconds to wait as Retry-After has it, in seconds or as a date; 0 without it. */
function waitOf(error: Error): number {
  const after = error instanceof HTTPError ? error.response.headers.get("Retry-After") : null;
  if (!after) return 0;
  return Number(after) || (Date.parse(after) - Date.now()) / SECOND || 0;
}

/**
 * How one question is asked again: up to five times after a failure, for up to ten minutes
 * while the server is busy; after 0.3 s, 0.6 s … 20 s, or when Retry-After says, if that is a
 * second away at least: it counts whole seconds, and ky would make no pause at all for 0 or for
 * what is past. A wait of more than a minute is a failure.
 */
function retries(): RetryOptions {
  const since = performance.now();
  let failures = 0;
  let asked = 0;
  return {
    limit: Number.POSITIVE_INFINITY, // shouldRetry says when it is enough
    methods: ["get"],
    statusCodes: [408, 425, 429, 500, 502, 503, 504],
    afterStatusCodes: [], // delay sees to Retry-After
    delay: (k) => (asked >= 1 ? asked : Math.min(0.3 * 2 ** (k - 1), 20)) * SECOND,
    retryOnTimeout: true,
    shouldRetry({ error }) {
      if (error instanceof InputError) return false; // it is not what it says that it is
      asked = waitOf(error);
      if (asked > PATIENCE) return false;
      const busy = error instanceof HTTPError && error.response.status === 429;
      const enough = busy ? performance.now() - since > BUSY_PATIENCE * SECOND : ++failures > TRIES;
      return enough ? false : undefined;
    },
  };
}

/** A client of the server at an origin. */
export function connect(origin: URL, fetch = globalThis.fetch): KyInstance {
  const ask = withinOrigin(fetch);
  const { url, headers } = readAddress(origin);
  return ky.create({
    // With the whole body: ky itself reads it when it no longer asks again, nor minds the time.
    async fetch(...request) {
      const response = await ask(...request);
      return response.body
        ? new Response(await boundedBody(response, ANSWER_BYTES), response)
        : response;
    },
    prefixUrl: url,
    headers: { Accept: "application/json", ...headers },
    timeout: 120 * SECOND,
  });
}

const ProblemSchema = v.object({ type: v.string(), detail: v.string() });

/** What a refusal means: that the server has other bytes than the reader, or that it cannot answer. */
async function refusal(response: Response): Promise<Error> {
  const problem: unknown = await response.json().catch(() => undefined);
  const parsed = v.safeParse(ProblemSchema, problem);
  if (!parsed.success) return new InputError(`the server answers ${response.status}`);
  const { type, detail } = parsed.output;
  const Kind = /(other-digest|published-mismatch)$/.test(type) ? MismatchError : InputError;
  return new Kind(`the server answers ${response.status}: ${oneLine(detail)}`);
}

async function failure(error: unknown): Promise<Error> {
  if (error instanceof HTTPError) return await refusal(error.response);
  if (error instanceof TimeoutError) return new InputError("the server takes too long to answer");
  if (error instanceof SyntaxError) return new InputError("the server's answer is not JSON");
  if (error instanceof TypeError) {
    const { message } = error.cause instanceof Error ? error.cause : error;
    return new InputError(`the server cannot be reached: ${message}`);
  }
  return error as Error;
}

/** Whether an answer is to what was asked, and its digest that of its predictions. */
async function contradiction(question: Question, answer: v.InferOutput<typeof AnswerSchema>) {
  const { runtime, ...asked } = question;
  for (const key of ["checkpoint", "sha256", "split", "start", "end"] as const) {
    if (answer[key] !== asked[key])
      return `${key} is ${oneLine(`${answer[key]}`, 100)}, not ${asked[key]}`;
  }
  if (answer.runtime.name !== runtime) return `runtime is not ${runtime}`;
  const { predictions, predictionsSha256, logitsSha256 } = answer;
  if (runtime === "wasm" && logitsSha256 === undefined) return "it has no digest of the logits";
  if (predictions.length !== question.end - question.start) {
    return `it has ${predictions.length} predictions`;
  }
  const digest = await sha256Hex(Uint8Array.from(predictions));
  return digest === predictionsSha256 ? undefined : "the digest of its predictions is another";
}

/**
 * One evaluation by the server.
 * @throws InputError if no usable answer comes, MismatchError if the answer contradicts itself
 *   or the question, the signal's reason once it is aborted.
 */
export async function ask(server: KyInstance, question: Question, signal?: AbortSignal) {
  const { checkpoint, split, ...query } = question;
  const path = `v1/checkpoints/${encodeURIComponent(checkpoint)}/evaluations/${split}`;
  const searchParams = { ...query, predictions: true };
  let data: unknown;
  try {
    data = await server
      .get(path, { searchParams, retry: retries(), ...(signal && { signal }) })
      .json();
  } catch (error) {
    signal?.throwIfAborted();
    throw await failure(error);
  }
  const parsed = v.safeParse(AnswerSchema, data, { abortEarly: true });
  if (!parsed.success) {
    throw new InputError(`the server's answer: ${faultOf(parsed.issues[0])}`);
  }
  const wrong = await contradiction(question, parsed.output);
  if (wrong) throw new MismatchError(`the server's answer to ${path}: ${wrong}`);
  const { runtime, correct, predictions, logitsSha256 } = parsed.output;
  const answer: Answer = {
    runtime: { package: runtime.package, version: runtime.version },
    correct,
    predictions: Uint8Array.from(predictions),
    ...(logitsSha256 !== undefined && { logitsSha256 }),
  };
  return answer;
}
