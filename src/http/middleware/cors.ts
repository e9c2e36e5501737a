/** Scripts of every origin may read our answers (Fetch standard, section 3.3). */
import type { Context } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { JSON_LENGTH } from "../answers/tensors.ts";

/** Headers of ours that they may read too. */
const EXPOSED = [
  "Accept-Ranges",
  "Allow",
  "Content-Digest",
  "Content-Disposition",
  "Content-Range",
  "ETag",
  JSON_LENGTH,
  "Link",
  "Repr-Digest",
  "Retry-After",
  "X-Request-Id",
];

const preflight = cors({ allowMethods: ["GET", "HEAD", "POST"], exposeHeaders: EXPOSED });
const headers = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": EXPOSED.join(","),
};

/** Any other OPTIONS is a method like those that no address answers. */
function isPreflight({ req }: Context): boolean {
  return req.method === "OPTIONS" && req.header("Access-Control-Request-Method") !== undefined;
}

/** Hono's own middleware only for preflights: on other requests it has each answer built twice. */
export const preflights = createMiddleware(async (c, next) =>
  isPreflight(c) ? await preflight(c, next) : await next(),
);

export const readableEverywhere = createMiddleware(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
});
