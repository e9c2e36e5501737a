/** An error as a page, where a person asked for one. */
import type { Context } from "hono";
import { wantsPage } from "../answers/accept.ts";
import { type Problem, PROBLEMS, problemDocument, problemResponse } from "../answers/problem.ts";

/** The API answers everyone in JSON. */
const API = /^\/(v\d|assets|openapi)/;

/** @param prefix what links in problem documents begin with */
export async function answerProblem(
  c: Context,
  problem: Problem,
  prefix: string,
): Promise<Response> {
  if (API.test(c.req.path) || !wantsPage(c)) return problemResponse(c, problem, prefix);
  const { renderProblem } = await import("../../web/render.ts"); // no start should wait for it
  const html = renderProblem(c.req.path.slice(1), problemDocument(c, problem));
  const headers = { "Cache-Control": "no-store", ...problem.headers };
  return c.html(html, PROBLEMS[problem.problem].status, headers);
}
