/** What makes a checkpoint, as data: enough for anyone to make it again. */
import canonicalizeModule from "canonicalize";
import * as v from "valibot";
import { sha256Hex } from "./datasets/digest.ts";
import { ViewSchema } from "./datasets/view.ts";

export const RecipeSchema = v.variant("kind", [
  v.strictObject({
    kind: v.literal("construction"),
    net: v.literal("theorem1"),
    view: ViewSchema,
    seed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
]);

export type Recipe = v.InferOutput<typeof RecipeSchema>;

const randomLabels: Recipe["view"] = {
  dataset: "cifar10",
  labels: { kind: "corrupted", fraction: "1/1", seed: 0 },
  pixels: { kind: "true" },
};

/** Every recipe by checkpoint id. */
export const RECIPES: Record<string, Recipe> = {
  "theorem1.random-labels": { kind: "construction", net: "theorem1", view: randomLabels, seed: 0 },
};

// The package types its default export as a module namespace under NodeNext.
const canonicalize = canonicalizeModule as unknown as (data: unknown) => string;

/** SHA-256 of data in RFC 8785 canonical form. */
export async function canonicalDigest(data: unknown): Promise<string> {
  return await sha256Hex(new TextEncoder().encode(canonicalize(data)));
}
