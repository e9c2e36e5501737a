/**
 * A request names one host (RFC 9112, section 3.2): of two, a proxy and a server may take another
 * each. And that is no more than a host: where a platform makes an address of it, what follows in it
 * would be the path.
 */
import { createMiddleware } from "hono/factory";
import { Problem } from "../answers/problem.ts";
import { refusedOf } from "../making/asker.ts";

/** Where the platform has not looked itself, it joins what is given more than once. */
export const oneHost = createMiddleware(async (c, next) => {
  const refused = refusedOf(c);
  if (refused) throw refused;
  const host = c.req.header("Host") ?? "";
  if (host.includes(",")) throw new Problem("bad-parameter", "Host: it is given more than once");
  if (/[/\\?#@\s]/.test(host))
    throw new Problem("bad-parameter", "Host: it is not that of an address");
  await next();
});
