/** What went wrong, as a client may see it and as the log keeps it. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { InputError, MismatchError } from "../../datasets/storage.ts";
import { PROBLEMS, Problem } from "./problem.ts";

/** Nobody waits for the answer any more. */
export class ClientGone extends Error {
  override name = "ClientGone";
}

/** The problem that an error is to a client. What nobody foresaw says nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof MismatchError) return new Problem("published-mismatch", error.message);
  if (error instanceof InputError) return new Problem("data-unavailable", error.message);
  if (error instanceof HTTPException && error.status < 500) {
    return new Problem("bad-parameter", error.message);
  }
  return new Problem("internal", "the log of the server has the reason under this request's id");
}

/**
 * Whether the client left, so that nobody gets the answer. A body that it did not send
 * to its end fails as each platform has it; what is common to all is the signal.
 */
export function isClientGone(c: Context, error: unknown): boolean {
  return error instanceof ClientGone || c.req.raw.signal.aborted;
}

/** A failure of an answer under way, which platforms print: what there is to tell is in the log. */
export function withoutStack(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

/** Takes a record for each failure. */
export interface Log {
  log(record: Record<string, unknown>): void;
}

/** Logs a failure that is the server's, or the client's leave. */
export function report(c: Context, { log }: Log, error: unknown): void {
  const { problem } = problemOf(error);
  const requestId = c.get("requestId");
  if (isClientGone(c, error)) log({ level: "info", requestId, event: "client gone" });
  else if (PROBLEMS[problem].status >= 500) {
    const of = (e: unknown) => (e instanceof Error ? (e.stack ?? e.message) : String(e));
    const cause = error instanceof Error && error.cause !== undefined ? of(error.cause) : undefined;
    log({ level: "error", requestId, problem, error: of(error), cause });
  }
}
