/** What a client may ask for, as valibot schemas that also make the OpenAPI document. */
import { SPLITS } from "../../datasets/cifar10.ts";
import type { ValidationTargets } from "hono";
import { createMiddleware } from "hono/factory";
import { validator } from "hono-openapi";
import * as v from "valibot";
import { DATASETS } from "../../datasets/datasets.ts";
import { Sha256 } from "../../evaluation/checkpoint.ts";
import { DEFAULT_SHARDS } from "../../evaluation/extent.ts";
import { Problem } from "./problem.ts";

/** An integer in decimal digits. */
function whole(least: number, most: number) {
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,16}$/, "it must be an integer in decimal digits, without a sign"),
    v.toNumber(),
    v.number(),
    v.integer(),
    v.minValue(least, `it must be ${least} or more`),
    v.maxValue(most, `it must be ${most} or less`),
  );
}

function described<const S extends v.GenericSchema>(schema: S, description: string) {
  return v.optional(v.pipe(schema, v.description(description)));
}

const flag = v.pipe(
  v.picklist(["true", "false"], "it must be true or false"),
  v.transform((text) => text === "true"),
  v.boolean(),
);

export const SplitName = v.picklist(SPLITS, "it must be train or test");
export type SplitName = v.InferOutput<typeof SplitName>;

const runtime = described(
  v.picklist(["native", "wasm"], "it must be native or wasm"),
  "What runs the model: native is onnxruntime-node, fast; wasm is onnxruntime-web, equal bit for bit everywhere. Without it the server takes what suits it best, and the answer says which.",
);

/** A query that may name the digest of the model file, so as to be answered of no other. */
export const PinQuery = v.strictObject({
  sha256: described(
    Sha256,
    "The model file's SHA-256; with it the answer is 404 once another is published.",
  ),
});

/** Examples of the largest split; one that has fewer says so itself. */
const MOST = Math.max(...Object.values(DATASETS).flatMap(({ size }) => Object.values(size)));

export const EvaluationQuery = v.strictObject({
  ...PinQuery.entries,
  start: described(whole(0, MOST - 1), "The first example, 0 without it."),
  end: described(whole(1, MOST), "The example after the last, the split's size without it."),
  runtime,
  predictions: described(flag, "List the predicted class of each example."),
  misclassified: described(
    flag,
    "List the examples whose prediction is not the given label, by index in the split.",
  ),
});

/** What can become of a claim. */
export const STATUSES = ["reproduced", "not-reproduced", "not-evaluated"] as const;

/** @param groups that there are claims of */
export function claimsQuery(groups: string[]) {
  return v.strictObject({
    group: described(
      v.picklist(groups, `it must be ${groups.join(", ")}`),
      "Only claims of this table, figure or section.",
    ),
    status: described(
      v.picklist(STATUSES, `it must be ${STATUSES.join(", ")}`),
      "Only claims of which this is published.",
    ),
  });
}

export const VerificationQuery = v.strictObject({
  shards: described(
    whole(1, MOST / 1000),
    `How many shards of 1,000 examples to draw of each split, ${DEFAULT_SHARDS} without it.`,
  ),
  full: described(flag, "Take every shard."),
  seed: described(
    whole(0, Number.MAX_SAFE_INTEGER),
    "Draw the shards that this seed gives: the first of the permutation keyed by rethink/verify-<split>/<seed>/0. The answer is then the same each time and may be cached.",
  ),
  runtime,
  expect: described(
    v.picklist(STATUSES, `it must be ${STATUSES.join(", ")}`),
    "Answer with 409 where the verdict is another than this.",
  ),
});

export type PinQuery = v.InferOutput<typeof PinQuery>;
export type EvaluationQuery = v.InferOutput<typeof EvaluationQuery>;
export type VerificationQuery = v.InferOutput<typeof VerificationQuery>;

const NO_SUCH = "there is no such parameter";

/** An issue in a client's words; a query's values are texts, or arrays of them where repeated. */
function reasonOf(issue: unknown): string {
  const { expected, received, message } = issue as v.BaseIssue<unknown>;
  if (expected === "never") return NO_SUCH;
  return received === "Array" ? "it is given more than once" : message;
}

/** Validates a part of the request; what is wrong becomes a `bad-parameter` problem. */
export function checked<
  S extends v.GenericSchema<Record<string, unknown>, Record<string, unknown>>,
  Target extends keyof ValidationTargets,
>(target: Target, schema: S) {
  return validator(
    target,
    schema,
    (result) => {
      if (result.success) return;
      const [issue] = result.error;
      const path = issue?.path?.map((part) => (typeof part === "object" ? part.key : part));
      throw new Problem("bad-parameter", `${path?.join(".") || target}: ${reasonOf(issue)}`);
    },
    { options: { typeMode: "output" } }, // a query's integers are text only on the wire
  );
}

/** Refuses any query. An empty schema would too, but then the typed client would have to pass an empty query. */
export const noQuery = createMiddleware(async (c, next) => {
  const [name] = Object.keys(c.req.query());
  if (name !== undefined) throw new Problem("bad-parameter", `${name}: ${NO_SUCH}`);
  await next();
});
