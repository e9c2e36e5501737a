/** A record for each answered request, and records as JSON lines. */
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { Service } from "./service.ts";
import type { Settings } from "./settings.ts";

/** Prints records as JSON lines: all of them, or only what failed. */
export function jsonLines(which: Settings["log"]): Service["log"] {
  return (record) => {
    if (which === "errors" && record.level !== "error") return;
    console.log(JSON.stringify({ time: new Date().toISOString(), ...record }));
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

/** Counts and logs an answer. */
export function recordAnswer({ log, metrics }: Service, answered: Answered): void {
  const { requestId, method, path, route, status, seconds } = answered;
  metrics?.answered({ method, route, status }, seconds);
  log({
    level: "info",
    requestId,
    method,
    path,
    status,
    milliseconds: Math.round(seconds * 1e5) / 100,
  });
}

export function logged(service: Service) {
  return createMiddleware(async (c, next) => {
    const started = performance.now();
    await next();
    const seconds = (performance.now() - started) / 1000;
    const { method, path } = c.req;
    const { status } = c.res;
    const route = status === 404 ? "none" : routePath(c, -1); // the last that matched
    recordAnswer(service, { requestId: c.get("requestId"), method, path, route, status, seconds });
  });
}
