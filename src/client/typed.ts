/** A typed client of the endpoint: `client("http://localhost:8000").v1.claims.$get()`. */
import { hc } from "hono/client";
import type { App } from "../http/app.ts";

export function client(origin: string, options?: Parameters<typeof hc>[1]) {
  return hc<App>(origin, options);
}
