/** A record for each answered request, and records as JSON lines. */
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import { isClientGone } from "../answers/failure.ts";
import type { Service } from "../service.ts";
import type { Settings } from "../settings.ts";
import { print } from "../../print.ts";

/** What servers log, since nginx began it, for a client that did not wait. */
const CLIENT_CLOSED_REQUEST = 499;
/** Those of RFC 9110 and 5789. Any other token is a method too, and would be a label of its own. */
const METHODS = new Set("GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE".split(" "));

/** Prints records as JSON lines: all of them, or only what failed. */
export function jsonLines(which: Settings["log"]): Service["log"] {
  return (record) => {
    if (which === "errors" && record.level !== "error") return;
    print(JSON.stringify({ time: new Date().toISOString(), ...record }));
  };
}

/** One answered request. */
export interface Answered {
  requestId: string;
  method: string;
  path: string;
  /** The route's pattern: paths themselves would be labels without end. */
  route: string;
  status: number;
  seconds: number;
}

/** Who is told of an answer. */
type Told = Pick<Service, "log" | "metrics">;

/** Counts and logs an answer. */
export function recordAnswer({ log, metrics }: Told, answered: Answered): void {
  const { requestId, method, path, route, status, seconds } = answered;
  metrics?.answered({ method: METHODS.has(method) ? method : "other", route, status }, seconds);
  log({
    level: "info",
    requestId,
    method,
    path,
    status,
    milliseconds: Math.round(seconds * 1e5) / 100,
  });
}

export function logged(service: Told) {
  return createMiddleware(async (c, next) => {
    const started = performance.now();
    await next();
    const seconds = (performance.now() - started) / 1000;
    const { method, path } = c.req;
    const gone = c.error !== undefined && isClientGone(c, c.error);
    const status = gone ? CLIENT_CLOSED_REQUEST : c.res.status;
    const route = status === 404 ? "none" : routePath(c, -1); // the last that matched
    recordAnswer(service, { requestId: c.get("requestId"), method, path, route, status, seconds });
  });
}
