/** The application: a `fetch` handler out of a service, the same on every platform. */
import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { getPath } from "hono/utils/url";
import { problemOf, report } from "./answers/failure.ts";
import { Problem, problemResponse } from "./answers/problem.ts";
import { readableEverywhere } from "./middleware/cors.ts";
import { logged } from "./middleware/log.ts";
import { type Handler, microcached } from "./middleware/microcache.ts";
import { oneHost } from "./middleware/one-host.ts";
import { policed } from "./middleware/policy.ts";
import { nextRequestId } from "./middleware/request-id.ts";
import { assets } from "./routes/assets.ts";
import { blocks } from "./routes/blocks.ts";
import { checkpoints } from "./routes/checkpoints.ts";
import { claims } from "./routes/claims.ts";
import { datasets } from "./routes/datasets.ts";
import { documentation } from "./routes/documentation.ts";
import { health } from "./routes/health.ts";
import { images } from "./routes/images.ts";
import { inference } from "./routes/inference.ts";
import { pages } from "./routes/pages.ts";
import { answerProblem } from "./routes/problem-page.ts";
import { receiptKey } from "./routes/receipts.ts";
import { verification } from "./routes/verification.ts";
import type { Service } from "./service.ts";

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

export function createApp(service: Service) {
  const { prefix } = service;
  const root = new Hono({ getPath: pathBelow(prefix) });
  root.use(requestId({ generator: nextRequestId }));
  root.use(logged(service));
  root.use(oneHost);
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
  root.use(
    methodNotAllowed({
      app: root,
      onMethodNotAllowed: (c, methods) =>
        problemResponse(
          c,
          new Problem("method-not-allowed", `ask with ${methods.join(" or ")}`, {
            Allow: methods.join(", "),
          }),
          prefix,
        ),
    }),
  );
  root.notFound((c) =>
    answerProblem(c, new Problem("not-found", `${prefix}/docs lists what there is`), service),
  );
  root.onError((error, c) => {
    report(c, service, error);
    return answerProblem(c, problemOf(error), service);
  });
  const app = root
    .route("/", health(service))
    .route("/v1/claims", claims(service))
    .route("/v1/claims", verification(service))
    .route("/v1/checkpoints", checkpoints(service))
    .route("/v1/datasets", datasets())
    .route("/v1/datasets", blocks(service))
    .route("/v2", inference(service))
    .route("/", receiptKey(service));
  app.route("/assets", assets(service));
  app.route("/checkpoints", images(service));
  app.route("/", pages(service));
  app.route("/", documentation(app, service));
  return app;
}

/** The application as a server runs it. */
export function createFetch(service: Service): Handler {
  return microcached(createApp(service), service);
}

/** The type that Hono's typed client takes. */
export type App = ReturnType<typeof createApp>;
