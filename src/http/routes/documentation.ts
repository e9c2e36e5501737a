/** /openapi.json, made of the schemas that validate, and /docs, the same for a person. */
import { Hono } from "hono";
import { describe } from "../answers/describe.ts";
import { documentPage } from "../answers/documentation-page.ts";
import { json } from "../answers/json.ts";
import { describeApp } from "../answers/openapi.ts";
import { PROBLEMS, Problem } from "../answers/problem.ts";

/** @param prefix what links begin with */
export function documentation(app: Hono, prefix: string) {
  let made: ReturnType<typeof describeApp> | undefined;
  const document = () => {
    made ??= describeApp(app, prefix);
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
    .get(
      "/problems/:name",
      describe({
        summary: "What the type of a problem means",
        tags,
        content: {},
        also: { 302: "Where this document explains it" },
        problems: ["not-found"],
      }),
      (c) => {
        const name = c.req.param("name");
        if (Object.hasOwn(PROBLEMS, name)) return c.redirect(`${prefix}/docs#${name}`);
        throw new Problem("not-found", `${prefix}/docs lists the problems`);
      },
    );
}
