/** An error as a page, where a person asked for one. */
import type { Context } from "hono";
import { hasPages, wantsPage } from "../answers/accept.ts";
import { type Problem, PROBLEMS, problemDocument, problemResponse } from "../answers/problem.ts";
import { frameOf } from "../making/frame.ts";
import type { Service } from "../service.ts";

export async function answerProblem(
  c: Context,
  problem: Problem,
  service: Service,
): Promise<Response> {
  if (!hasPages(c.req.path) || !wantsPage(c)) return problemResponse(c, problem, service.prefix);
  const { renderProblem } = await import("../../web/render.ts"); // no start should wait for it
  const html = renderProblem(problemDocument(c, problem), frameOf(service, c.req.path.slice(1)));
  const headers = { "Cache-Control": "no-store", ...problem.headers };
  return c.html(html, PROBLEMS[problem.problem].status, headers);
}
