/** /openapi.json, made of the schemas that validate, and /docs, the same for a person. */
import { Hono } from "hono";
import { html } from "hono/html";
import { openAPIRouteHandler } from "hono-openapi";

export function documentation(app: Hono) {
  const page = html``;
  return new Hono()
    .get("/openapi.json", openAPIRouteHandler(app, {}))
    .get("/docs", (c) => c.html(page));
}
