/** What is the same for all answers, whether there are routes or not: named, logged, counted, readable everywhere. */
import { type Context, Hono } from "hono";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { getPath } from "hono/utils/url";
import { problemOf, report } from "../answers/failure.ts";
import { type Problem, problemResponse } from "../answers/problem.ts";
import type { Service } from "../service.ts";
import { preflights, readableEverywhere } from "./cors.ts";
import { ifMatched } from "./if-match.ts";
import { logged } from "./log.ts";
import { oneHost } from "./one-host.ts";
import { policed } from "./policy.ts";
import { nextRequestId } from "./request-id.ts";

/** Reads a request's path without the prefix, which a proxy may have left there or taken away. */
function pathBelow(prefix: string): (request: Request) => string {
  if (prefix === "") return getPath;
  return (request) => {
    const path = getPath(request);
    return path === prefix || path.startsWith(`${prefix}/`)
      ? path.slice(prefix.length) || "/"
      : path;
  };
}

/**
 * An application that has no routes yet.
 * @param answer what a failure is answered with
 */
export function routeless(
  service: Pick<Service, "prefix" | "log" | "metrics">,
  answer = (c: Context, problem: Problem): Response | Promise<Response> =>
    problemResponse(c, problem, service.prefix),
) {
  const root = new Hono({ getPath: pathBelow(service.prefix) });
  root.use(requestId({ generator: nextRequestId }));
  root.use(logged(service));
  root.use(readableEverywhere);
  root.use(policed);
  root.use(
    secureHeaders({
      crossOriginResourcePolicy: "cross-origin",
      // Not over plain HTTP (RFC 6797, section 7.2), and for whoever runs the domain to decide.
      strictTransportSecurity: false,
      // What follows concerns old browsers, and windows that pages of ours never open.
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
      referrerPolicy: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xFrameOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
  );
  root.use(oneHost);
  root.use(preflights);
  root.use(ifMatched);
  root.onError((error, c) => {
    report(c, service, error);
    return answer(c, problemOf(error));
  });
  return root;
}
