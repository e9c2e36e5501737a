/** What a route answers with, for the OpenAPI document. */
import type { Env } from "hono";
import { createFactory } from "hono/factory";
import { describeRoute, resolver } from "hono-openapi";
import type { GenericSchema } from "valibot";
import { PROBLEM_TYPE, PROBLEMS, type ProblemName } from "./problem.ts";
import { ProblemSchema } from "./schemas.ts";

export interface Operation {
  summary: string;
  /** More than the summary, where it needs more. */
  description?: string;
  tags: string[];
  /** Headers of the request that change the answer, each with what it says. */
  headers?: Record<string, { description: string; schema: { type: "integer" | "string" } }>;
  /** What the request's body may be, as with content. */
  body?: Record<string, GenericSchema | null>;
  /** What a success has in each media type, null is bytes or text without a schema; {} where none is. */
  content: Record<string, GenericSchema | null>;
  /** The answer has an entity tag: the client may have it already, or ask for that one only. */
  tagged?: boolean;
  /** Success answers beside 200. */
  also?: Record<number, string>;
  problems?: ProblemName[];
}

/** Makes handlers that the API has at one address, and the pages at another. */
export const { createHandlers } = createFactory<Env, "/:id">();

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
        content: { [PROBLEM_TYPE]: { schema: resolver(ProblemSchema) } },
      },
    ]),
  );
}

/** Bytes without a schema of their own; generators of clients pass over a body of unknown type. */
const BINARY = { type: "string", format: "binary" } as const;

/** Media types with their schemas. */
function contentOf(content: Record<string, GenericSchema | null>) {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [
      type,
      schema
        ? { schema: resolver(schema) }
        : type === "application/octet-stream"
          ? { schema: BINARY }
          : {},
    ]),
  );
}

/** Headers as OpenAPI parameters. */
function headerParameters(headers: NonNullable<Operation["headers"]>) {
  return Object.entries(headers).map(([name, about]) => ({
    name,
    in: "header" as const,
    ...about,
  }));
}

export function describe(operation: Operation) {
  const { summary, description, tags, headers, body, content, tagged, problems = [] } = operation;
  const also = { ...(tagged && { 304: "The client has it" }), ...operation.also };
  return describeRoute({
    summary,
    ...(description && { description }),
    tags,
    ...(headers && { parameters: headerParameters(headers) }),
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      ...(Object.keys(content).length > 0 && {
        200: { description: summary, content: contentOf(content) },
      }),
      ...Object.fromEntries(
        Object.entries(also).map(([status, description]) => [status, { description }]),
      ),
      ...problemResponses([...problems, "precondition-failed", "internal"]),
    },
  });
}
