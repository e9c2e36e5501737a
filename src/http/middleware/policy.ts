/** Each answer with the Content-Security-Policy of its media type. */
import { createMiddleware } from "hono/factory";
import { policyOf } from "../../web/policy.ts";

export const policed = createMiddleware(async (c, next) => {
  await next();
  // A cache updates the headers of what it holds by those of a 304 (RFC 9111, section 3.2).
  if (c.res.status === 304) return;
  const type = c.res.headers.get("Content-Type") ?? "";
  c.res.headers.set("Content-Security-Policy", policyOf(type));
});
