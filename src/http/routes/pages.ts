/** The pages, where HTML is wanted; the same addresses answer programs with JSON. */
import { type Context, Hono } from "hono";
import { requestId } from "hono/request-id";
import { claimsIn } from "../../verification/pack.ts";
import type { Report } from "../../verification/verify-claims.ts";
import { wantsPage } from "../answers/accept.ts";
import { describe } from "../answers/describe.ts";
import { json } from "../answers/json.ts";
import { answer } from "../answers/text.ts";
import { byId } from "../making/lookup.ts";
import { renderedFor } from "../making/rendered.ts";
import type { Service } from "../service.ts";
import { checkpoints } from "./checkpoints.ts";
import { claims } from "./claims.ts";
import { verification } from "./verification.ts";

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

/** Data for programs, by the route of the API that has it, which knows who asks and when they leave. */
async function fromApi(c: Context, api: Hono, path: string): Promise<Response> {
  const url = new URL(c.req.url);
  url.pathname = path;
  const { method, signal } = c.req.raw;
  const headers = new Headers(c.req.raw.headers);
  headers.set("X-Request-Id", c.get("requestId"));
  const response = await api.fetch(new Request(url, { method, headers, signal }), c.env);
  response.headers.set("Vary", "Accept");
  return response;
}

/** A part of the API that leaves its errors to whoever asks. */
function part(api: Hono): Hono {
  const own = new Hono().use(requestId()).route("/", api);
  own.onError((error) => {
    throw error;
  });
  return own;
}

export function pages(service: Service) {
  const links = Object.entries(INDEX).map(([name, at]) => [name, service.prefix + at]);
  const index = Object.fromEntries(links);
  const made = renderedFor(service);
  const page = async (c: Context, path: string) => answer(c, await made.page(path), ["Accept"]);
  const figureData = async (c: Context, id: string, extension: string) =>
    answer(c, await made.figure(id, extension), ["Accept"]);

  async function figureIndex(c: Context): Promise<Response> {
    const { figureList } = await import("../../web/figures/files.ts");
    return await json(c, { figures: figureList() });
  }

  /** A verification's answer as a page; what was drawn is no one else's. */
  async function verified(c: Context, id: string, answered: Response): Promise<Response> {
    const { renderVerification } = await import("../../web/render.ts");
    const { report } = (await answered.json()) as { report: Report };
    const claim = byId(claimsIn(service.project), id, "claim");
    return c.html(renderVerification(claim, report, service.project.claims !== undefined), 200, {
      "Cache-Control": "no-store",
    });
  }

  const verificationApi = part(verification(service));
  const checkpointsApi = part(checkpoints(service));
  const claimsApi = part(claims(service));
  return new Hono()
    .get("/", described("What is published here"), async (c) => {
      if (!wantsPage(c)) return await json(c, index);
      // Without its slash, what the page links to would be looked for beside the prefix.
      if (new URL(c.req.url).pathname === service.prefix) return c.redirect(`${service.prefix}/`);
      return await page(c, "");
    })
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
    .get("/claims", described("The claims"), async (c) =>
      wantsPage(c) ? await page(c, "claims") : await fromApi(c, claimsApi, "/"),
    )
    .get("/checkpoints", described("The published networks"), async (c) =>
      wantsPage(c) ? await page(c, "checkpoints") : await fromApi(c, checkpointsApi, "/"),
    )
    .get("/checkpoints/:id", described("One network"), async (c) => {
      const id = c.req.param("id");
      if (wantsPage(c)) return await page(c, `checkpoints/${id}`);
      return await fromApi(c, checkpointsApi, `/${id}`);
    })
    .get(
      "/audit",
      described("The page that recomputes in the browser", []),
      async (c) => await page(c, "audit"),
    )
    .get("/claims/:id/verification", described("A claim recomputed, as a page"), async (c) => {
      const id = c.req.param("id");
      const answered = await fromApi(c, verificationApi, `/${id}/verification`);
      return answered.ok && wantsPage(c) ? await verified(c, id, answered) : answered;
    })
    .get("/claims/:id", described("One claim"), async (c) => {
      const id = c.req.param("id");
      if (wantsPage(c)) return await page(c, `claims/${id}`);
      return await fromApi(c, claimsApi, `/${id}`);
    });
}
