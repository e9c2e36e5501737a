/** /openapi.json, made of the schemas that validate, and /docs, the same for a person. */
import { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import about from "../../../package.json" with { type: "json" };
import { describe } from "../answers/describe.ts";
import { documentPage } from "../answers/documentation-page.ts";
import { json } from "../answers/json.ts";
import { PROBLEMS, Problem } from "../answers/problem.ts";

const INFO = {
  title: "Rethink",
  version: about.version,
  description: `${about.description}: one request recomputes a claim whose nets are published. Errors are problem documents (RFC 9457). How labels, digests and verdicts are made is in fixtures/README.md, which every archive.zip holds.`,
  license: { name: "MIT", identifier: "MIT" },
};

const TAGS = [
  { name: "claims", description: "What the paper states, and whether it holds here" },
  { name: "checkpoints", description: "Published nets, their files and evaluations" },
  { name: "datasets", description: "The official bytes; no net is evaluated on MNIST yet" },
  { name: "inference", description: "Open Inference Protocol v2: images of your own" },
  { name: "operation", description: "For whoever keeps the server running" },
];

/** Ids that exist, for whoever tries a route out, people and fuzzers alike. */
const EXAMPLES = [
  { paths: /^\/v1\/claims\//, id: "theorem-1" },
  { paths: /^\/v[12]\//, id: "theorem1.random-labels" },
];

async function describeApp(app: Hono) {
  const documentation = { info: INFO, tags: TAGS, servers: [{ url: "/" }] };
  const document = await generateSpecs(app, { documentation, excludeStaticFile: false });
  for (const [path, operations] of Object.entries(document.paths)) {
    const example = EXAMPLES.find(({ paths }) => paths.test(path))?.id;
    for (const { parameters = [] } of [operations.get ?? {}, operations.post ?? {}]) {
      for (const parameter of parameters) {
        if ("name" in parameter && parameter.name === "id") parameter.example = example;
      }
    }
  }
  return document;
}

export function documentation(app: Hono) {
  let made: ReturnType<typeof describeApp> | undefined;
  const document = () => {
    made ??= describeApp(app);
    return made;
  };
  const tags = ["operation"];
  return new Hono()
    .get("/", (c) => c.redirect("/docs"))
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
