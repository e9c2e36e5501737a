/** /openapi.json, made of the schemas that validate, and /docs, the same for a person. */
import { Hono } from "hono";
import { describe } from "../answers/describe.ts";
import { documentPage } from "../answers/documentation-page.ts";
import { json } from "../answers/json.ts";
import { describeApp } from "../answers/openapi.ts";
import { PROBLEMS, Problem } from "../answers/problem.ts";

export function documentation(app: Hono) {
  let made: ReturnType<typeof describeApp> | undefined;
  const document = () => {
    made ??= describeApp(app, "");
    return made;
  };
  const tags = ["operation"];
  return new Hono()
    .get(
      "/openapi.json",
      describe({
        summary: "This document",
        tags,
        tagged: true,
        content: { "application/json": null },
      }),
      async (c) => json(c, await document()),
    )
    .get(
      "/docs",
      describe({ summary: "This document for a person", tags, content: { "text/html": null } }),
      async (c) => c.html(documentPage(await document(), PROBLEMS)),
    )
    .get("/problems/:name", (c) => {
      const name = c.req.param("name");
      if (Object.hasOwn(PROBLEMS, name)) return c.redirect(`/docs#${name}`);
      throw new Problem("not-found", "/docs lists the problems");
    });
}
