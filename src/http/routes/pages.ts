/** The pages, where HTML is wanted; the same addresses answer programs with JSON. */
import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import type { Wanted } from "../../web/pages/claims.tsx";
import { wantsPage } from "../answers/accept.ts";
import { describe, type Operation } from "../answers/describe.ts";
import { json } from "../answers/json.ts";
import { answer } from "../answers/text.ts";
import { frameOf, isPack } from "../making/frame.ts";
import { publishedCheckpoint } from "../making/lookup.ts";
import { renderedFor } from "../making/rendered.ts";
import type { Service } from "../service.ts";
import { checkpointList, oneCheckpoint } from "./checkpoints.ts";
import { claimList, oneClaim } from "./claims.ts";
import { verificationOf } from "./verification.ts";

/** Where a program begins. */
const INDEX = {
  claims: "/v1/claims",
  checkpoints: "/v1/checkpoints",
  datasets: "/v1/datasets",
  figures: "/figures",
  openapi: "/openapi.json",
  documentation: "/docs",
};

const JSON_TYPE = "application/json";
const FIGURE_TYPES = [JSON_TYPE, "image/svg+xml", "text/csv"];

/** A page for a person; programs get JSON, unless other types are named. */
function described(summary: string, other: string[] = [JSON_TYPE]) {
  const types = ["text/html", ...other].map((type) => [type, null]);
  return describe({
    summary,
    tags: ["pages"],
    content: Object.fromEntries(types),
    tagged: true,
    problems: ["unknown-id", "published-mismatch", "data-unavailable"],
  });
}

/** What the API answers at an address of its own, and a page for a person beside it. */
function withPage(about: Operation) {
  const problems = [...(about.problems ?? []), "published-mismatch", "data-unavailable"] as const;
  return describe({
    ...about,
    tags: ["pages"],
    content: { "text/html": null, ...about.content },
    tagged: true,
    problems: [...new Set(problems)],
  });
}

export function pages(service: Service) {
  const there = Object.entries(INDEX).filter(([name]) => name !== "figures" || !isPack(service));
  const index = Object.fromEntries(there.map(([name, at]) => [name, service.prefix + at]));
  const made = renderedFor(service);
  const page = async (c: Context, path: string, wanted?: Wanted) =>
    answer(c, await made.page(path, wanted), ["Accept"]);
  const figureData = async (c: Context, id: string, extension: string) =>
    answer(c, await made.figure(id, extension), ["Accept"]);

  async function figureIndex(c: Context): Promise<Response> {
    const { figureList } = await import("../../web/figures/files.ts");
    return await json(c, { figures: figureList(service.prefix) });
  }

  /** A page for a person, after the API's own check of the query and before what answers a program. */
  const pageOf = (make: (c: Context) => Promise<Response>) =>
    createMiddleware(async (c, next) => (wantsPage(c) ? await make(c) : await next()));

  const allClaims = claimList(service);
  const [claimsQuery, claimsAnswer] = allClaims.handlers;
  const claimsPage = pageOf((c) => page(c, "claims", c.req.query()));

  const claim = oneClaim(service);
  const [claimQuery, claimAnswer] = claim.handlers;
  const claimPage = pageOf((c) => page(c, `claims/${c.req.param("id")}`));

  const allCheckpoints = checkpointList(service);
  const [checkpointsQuery, checkpointsAnswer] = allCheckpoints.handlers;
  const checkpointsPage = pageOf((c) => page(c, "checkpoints"));

  const checkpoint = oneCheckpoint(service);
  const [checkpointQuery, checkpointAnswer] = checkpoint.handlers;
  const checkpointPage = pageOf(async (c) => {
    const { id = "" } = c.req.param();
    await publishedCheckpoint(service, id, c.req.query("sha256"));
    return await page(c, `checkpoints/${id}`);
  });

  // What was drawn is no one else's: this page is made anew each time.
  const verification = verificationOf(service, async (of, report) => {
    const { renderVerification } = await import("../../web/render.ts");
    return renderVerification(of, report, frameOf(service, `claims/${of.id}/verification`));
  });
  const rooms = new Hono()
    .get("/", described("What is published here"), async (c) => {
      if (!wantsPage(c)) return await json(c, index);
      // Without its slash, what the page links to would be looked for beside the prefix.
      if (new URL(c.req.url).pathname === service.prefix) return c.redirect(`${service.prefix}/`);
      return await page(c, "");
    })
    .get("/claims", withPage(allClaims.about), claimsQuery, claimsPage, claimsAnswer)
    .get("/claims/:id", withPage(claim.about), claimQuery, claimPage, claimAnswer)
    .get("/claims/:id/verification", withPage(verification.about), ...verification.handlers)
    .get(
      "/checkpoints",
      withPage(allCheckpoints.about),
      checkpointsQuery,
      checkpointsPage,
      checkpointsAnswer,
    )
    .get(
      "/checkpoints/:id",
      withPage(checkpoint.about),
      checkpointQuery,
      checkpointPage,
      checkpointAnswer,
    );
  if (isPack(service)) return rooms;
  return rooms
    .get("/figures", described("The figures"), async (c) =>
      wantsPage(c) ? await page(c, "figures") : await figureIndex(c),
    )
    .get(
      "/figures/:file",
      described("A figure, its picture or its data", FIGURE_TYPES),
      async (c) => {
        const file = c.req.param("file");
        const [, id = file, extension] = /^(.+)\.(svg|csv|json)$/.exec(file) ?? [];
        if (extension) return await figureData(c, id, extension);
        return wantsPage(c) ? await page(c, `figures/${id}`) : await figureData(c, id, "json");
      },
    )
    .get(
      "/audit",
      described("The page that recomputes in the browser", []),
      async (c) => await page(c, "audit"),
    );
}
