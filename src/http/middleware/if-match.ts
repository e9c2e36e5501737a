/** If-Match where an answer has no tag: no tag is that of it (RFC 9110, section 13.1.1). What takes long looks itself, before. */
import { createMiddleware } from "hono/factory";
import { assertMatch } from "../answers/conditional.ts";

export const ifMatched = createMiddleware(async (c, next) => {
  await next();
  if (c.res.ok && !c.res.headers.has("ETag")) assertMatch(c);
});
