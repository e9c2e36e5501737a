/** What a route answers with, for the OpenAPI document. */
import { describeRoute, resolver } from "hono-openapi";
import type { GenericSchema } from "valibot";
import { PROBLEMS, type ProblemName } from "./problem.ts";
import { ProblemSchema } from "./schemas.ts";

interface Operation {
  summary: string;
  tags: string[];
  /** What a success has in each media type; null is bytes or text without a schema. */
  content: Record<string, GenericSchema | null>;
  /** Success answers beside 200. */
  also?: Record<number, string>;
  problems?: ProblemName[];
}

/** Problem documents by status, each with the titles that it may have. */
function problemResponses(names: ProblemName[]) {
  const titles: Record<string, string[]> = {};
  for (const name of names) {
    const { status, title } = PROBLEMS[name];
    titles[status] = [...(titles[status] ?? []), title];
  }
  return Object.fromEntries(
    Object.entries(titles).map(([status, list]) => [
      status,
      {
        description: list.join("; or: "),
        content: { "application/problem+json": { schema: resolver(ProblemSchema) } },
      },
    ]),
  );
}

export function describe({ summary, tags, content, also = {}, problems = [] }: Operation) {
  return describeRoute({
    summary,
    tags,
    responses: {
      200: {
        description: summary,
        content: Object.fromEntries(
          Object.entries(content).map(([type, schema]) => [
            type,
            schema ? { schema: resolver(schema) } : {},
          ]),
        ),
      },
      ...Object.fromEntries(
        Object.entries(also).map(([status, description]) => [status, { description }]),
      ),
      ...problemResponses([...problems, "internal"]),
    },
  });
}
