/** A request names one host (RFC 9112, section 3.2): of two, a proxy and a server may take another each. */
import { createMiddleware } from "hono/factory";
import { Problem } from "../answers/problem.ts";

/** Where the platform joins what is given more than once; Node's entry looks itself. */
export const oneHost = createMiddleware(async (c, next) => {
  if (c.req.header("Host")?.includes(",")) {
    throw new Problem("bad-parameter", "Host: it is given more than once");
  }
  await next();
});
