/** The application: a `fetch` handler out of a service, the same on every platform. */
import { methodNotAllowed } from "hono/method-not-allowed";
import { Problem, problemResponse } from "./answers/problem.ts";
import { type Handler, microcached } from "./middleware/microcache.ts";
import { routeless } from "./middleware/routeless.ts";
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

export function createApp(service: Service) {
  const { prefix } = service;
  const root = routeless(service, (c, problem) => answerProblem(c, problem, service));
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
