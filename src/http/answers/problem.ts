/** Every error as a problem document (RFC 9457); `type` names one of these and never changes. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

export const PROBLEMS = {
  "bad-parameter": { status: 400, title: "A parameter is not valid" },
  "bad-request": { status: 400, title: "This is no request of HTTP" },
  "bad-inference": { status: 400, title: "The model cannot answer this request" },
  "not-found": { status: 404, title: "There is nothing at this address" },
  "unknown-id": { status: 404, title: "Nothing has this id" },
  "no-versions": { status: 404, title: "Models have no versions" },
  "other-digest": { status: 404, title: "The file published under this id has another digest" },
  "no-receipts": { status: 406, title: "This server has no key to sign receipts with" },
  "nothing-to-sign": { status: 409, title: "Nothing was evaluated, so there is nothing to sign" },
  "other-verdict": { status: 409, title: "The claim has another verdict than was expected" },
  "method-not-allowed": { status: 405, title: "This address does not answer the method" },
  "head-too-slow": { status: 408, title: "The head arrives slower than the limit" },
  "body-too-slow": { status: 408, title: "The body arrives slower than the limit" },
  "precondition-failed": { status: 412, title: "What is here is not what If-Match names" },
  "encoding-not-offered": { status: 415, title: "The body has an encoding that is not decoded" },
  "body-too-large": { status: 413, title: "The body is larger than the limit" },
  "range-not-satisfiable": { status: 416, title: "The file has no such bytes" },
  "expectation-failed": { status: 417, title: "Nothing here does what Expect names" },
  "head-too-large": { status: 431, title: "The head is larger than the limit" },
  busy: { status: 429, title: "As many evaluations are running as this server runs at once" },
  internal: { status: 500, title: "The server failed" },
  "published-mismatch": { status: 500, title: "A published file does not match its digest" },
  "data-unavailable": { status: 503, title: "The server cannot read what it needs" },
  "timed-out": { status: 503, title: "The answer took longer than the limit" },
  "shutting-down": { status: 503, title: "The server is shutting down" },
} as const satisfies Record<string, { status: ContentfulStatusCode; title: string }>;

export type ProblemName = keyof typeof PROBLEMS;

/** The body of a problem document. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** The id of the request, also in its X-Request-Id header. */
  requestId?: string;
  /** The detail again under /v2, where clients of the Open Inference Protocol look for it. */
  error?: string;
}

/** Thrown by a route, answered as a problem document. `detail` is one line for the client. */
export class Problem extends Error {
  override name = "Problem";
  readonly problem: ProblemName;
  readonly headers: Record<string, string>;

  /** @param cause what the log should say beside it */
  constructor(
    problem: ProblemName,
    detail: string,
    headers: Record<string, string> = {},
    cause?: unknown,
  ) {
    super(detail, { cause });
    this.problem = problem;
    this.headers = headers;
  }
}

/** @param prefix what links begin with */
export function problemDocument(
  c: Context,
  { problem, message }: Problem,
  prefix = "",
): ProblemDocument {
  const { status, title } = PROBLEMS[problem];
  const type = `${prefix}/problems/${problem}`;
  const error = /^\/v2(\/|$)/.test(c.req.path) && { error: message };
  return { type, title, status, detail: message, requestId: c.get("requestId"), ...error };
}

/** The media type of a problem document (RFC 9457, section 6.1). */
export const PROBLEM_TYPE = "application/problem+json";

export function problemResponse(c: Context, problem: Problem, prefix = ""): Response {
  return c.body(
    JSON.stringify(problemDocument(c, problem, prefix)),
    PROBLEMS[problem.problem].status,
    {
      "Content-Type": PROBLEM_TYPE,
      "Cache-Control": "no-store",
      ...problem.headers,
    },
  );
}
