/** The OpenAPI document of an application, made of what its routes say they answer with. */
import type { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import about from "../../../package.json" with { type: "json" };
import { hasPages } from "./accept.ts";
import { PROBLEM_TYPE } from "./problem.ts";

const INFO = {
  title: "Rethink",
  version: about.version,
  description: `${about.description}: one request recomputes a claim whose nets are published. Errors are problem documents (RFC 9457). How labels, digests and verdicts are made is in fixtures/README.md, which every archive.zip holds.`,
  license: { name: "MIT", identifier: "MIT" },
};

const TAGS = [
  { name: "claims", description: "What the paper states, and whether it holds here" },
  { name: "checkpoints", description: "Published nets, their files and evaluations" },
  { name: "datasets", description: "The official bytes of CIFAR-10 and MNIST" },
  { name: "inference", description: "Open Inference Protocol v2: images of your own" },
  { name: "pages", description: "What browsers are shown; most answer programs with JSON" },
  { name: "operation", description: "For whoever keeps the server running" },
];

/** Ids that exist, for whoever tries a route out, people and fuzzers alike. */
export interface ExampleIds {
  claim: string | undefined;
  checkpoint: string | undefined;
}

const OF_CLAIMS = /^(\/v1)?\/claims\//;

/**
 * A literal as an enumeration of one, with its type. It is the same set of values, but generators
 * of clients read a bare `const` as any value, or, in a union, as an error.
 */
function withoutConst(node: unknown): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map(withoutConst);
  if ("const" in node && typeof node.const !== "object") {
    const { const: only, ...rest } = node;
    return { ...rest, type: typeof only, enum: [only] };
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutConst(value)]));
}

/** Of a problem there is a page as well, for who asks for one. */
function addPages(responses: object): void {
  for (const { content } of Object.values(responses)) {
    if (content && PROBLEM_TYPE in content) content["text/html"] = {};
  }
}

/** @param prefix the path that a proxy serves the application under; "" is none */
export async function describeApp(app: Hono, prefix: string, ids: ExampleIds) {
  const documentation = { info: INFO, tags: TAGS, servers: [{ url: prefix || "/" }] };
  const generated = await generateSpecs(app, { documentation, excludeStaticFile: false });
  const document = withoutConst(generated) as typeof generated;
  for (const [path, operations] of Object.entries(document.paths)) {
    const example = OF_CLAIMS.test(path) ? ids.claim : ids.checkpoint;
    for (const { parameters = [], responses = {} } of [
      operations.get ?? {},
      operations.post ?? {},
    ]) {
      if (hasPages(path)) addPages(responses);
      for (const parameter of parameters) {
        if ("name" in parameter && parameter.name === "id") parameter.example = example;
      }
    }
  }
  return document;
}
