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

export function logged({ log, metrics }: Service) {
  return createMiddleware(async (c, next) => {
    const started = performance.now();
    await next();
    const seconds = (performance.now() - started) / 1000;
    const { method, path } = c.req;
    const { status } = c.res;
    // The last route that matched: paths themselves would be labels without end.
    const route = status === 404 ? "none" : routePath(c, -1);
    metrics?.answered({ method, route, status }, seconds);
    log({
      level: "info",
      requestId: c.get("requestId"),
      method,
      path,
      status,
      milliseconds: Math.round(seconds * 1e5) / 100,
    });
  });
}
