/** /openapi.json, made of the schemas that validate, and /docs, the same for a person. */
import { Hono } from "hono";
import { publishedIds } from "../../evaluation/published.ts";
import { claimsIn } from "../../verification/pack.ts";
import type { ApiDocument } from "../../web/pages/docs.tsx";
import { wantsPage } from "../answers/accept.ts";
import { describe } from "../answers/describe.ts";
import { json } from "../answers/json.ts";
import { describeApp, type ExampleIds } from "../answers/openapi.ts";
import { PROBLEMS, Problem } from "../answers/problem.ts";
import { answer, prepare, type Text } from "../answers/text.ts";
import { frameOf } from "../making/frame.ts";
import type { Service } from "../service.ts";

const HTML = "text/html; charset=utf-8";

/** The first of what this server has; a disk that is away takes the examples, not the documentation. */
async function examplesOf({ project }: Service): Promise<ExampleIds> {
  const [checkpoint] = await publishedIds(project).catch(() => []);
  return { claim: claimsIn(project)[0]?.id, checkpoint };
}

export function documentation(app: Hono, service: Service) {
  const { prefix } = service;
  let made: ReturnType<typeof describeApp> | undefined;
  const document = () => {
    made ??= examplesOf(service).then((ids) => describeApp(app, prefix, ids));
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
  let page: Promise<Text> | undefined;
  async function makePage(): Promise<Text> {
    const { docsText } = await import("../../web/pages/docs.tsx");
    const about = {
      document: (await document()) as unknown as ApiDocument,
      problems: PROBLEMS,
      examples: await examplesOf(service),
    };
    return await prepare(docsText({ ...frameOf(service, "docs"), ...about }), HTML);
  }
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
      describe({
        summary: "This document for a person",
        tags,
        content: { "text/html": null, "application/json": null },
        tagged: true,
      }),
      async (c) => {
        // Here a page is the default: what programs read has an address of its own.
        if (!wantsPage(c, "text/html")) return json(c, await document());
        page ??= makePage();
        page.catch(() => {
          page = undefined;
        });
        return answer(c, await page, ["Accept"]);
      },
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
