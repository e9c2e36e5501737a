/** What makes a checkpoint, as data: enough for anyone to make it again. */
import canonicalizeModule from "canonicalize";
import * as v from "valibot";
import { sha256Hex } from "./datasets/digest.ts";
import { ViewSchema } from "./datasets/view.ts";
import { NETS, type TrainedNet } from "./nets/registry.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const TrainingSchema = v.strictObject({
  kind: v.literal("training"),
  net: v.picklist(Object.keys(NETS) as TrainedNet[]),
  view: ViewSchema,
  optimizer: v.strictObject({
    kind: v.literal("momentum"),
    momentum: v.number(),
    learningRate: v.number(),
    /** The learning rate of epoch e, from 0, is learningRate · decayPerEpoch^e. */
    decayPerEpoch: v.number(),
  }),
  regularizers: v.strictObject({
    /** λ of λ/2 · ‖w‖² over the kernels; biases and offsets are free. */
    weightDecay: v.pipe(v.number(), v.minValue(0)),
    /** The layers whose kernels decay; every one where it is left out. */
    decayedLayers: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
    /** Train on random 28×28 crops of the 32×32 image instead of the centre. */
    crop: v.boolean(),
  }),
  /** How kernels begin; Glorot and Bengio's where it is left out (training/initialize.ts). */
  initialization: v.optional(v.literal("he")),
  /** The last epoch, where `targetLoss` ends training no sooner. */
  epochs: positive,
  /** Training ends with the first epoch whose mean loss is below. */
  targetLoss: v.optional(v.pipe(v.number(), v.gtValue(0))),
  batchSize: positive,
  seed: count,
});

const ConstructionSchema = v.strictObject({
  kind: v.literal("construction"),
  net: v.literal("theorem1"),
  view: ViewSchema,
  seed: count,
});

/** Solved, not trained: of all functions Σ α_i K(x_i, ·) that which interpolates, or nearly so. */
const KernelSchema = v.strictObject({
  kind: v.literal("kernel"),
  net: v.literal("kernel"),
  view: ViewSchema,
  /** K(x, x') = exp(−gamma · ‖x − x'‖²), of pixels divided by 255. */
  gamma: v.pipe(v.number(), v.gtValue(0)),
  /** λ of (K + λ·1) α = Y with Y the given labels, one-hot; 0 interpolates. */
  penalty: v.pipe(v.number(), v.minValue(0)),
});

export const RecipeSchema = v.variant("kind", [TrainingSchema, ConstructionSchema, KernelSchema]);

/** Of what was made elsewhere, nobody says how: no more than what it is counted on. */
const GivenSchema = v.strictObject({
  kind: v.literal("given"),
  net: v.literal("given"),
  view: ViewSchema,
});

/** A checkpoint's, be it made here or not. */
export const AnyRecipeSchema = v.variant("kind", [RecipeSchema, GivenSchema]);

export type Recipe = v.InferOutput<typeof RecipeSchema>;
export type AnyRecipe = v.InferOutput<typeof AnyRecipeSchema>;
export type TrainingRecipe = v.InferOutput<typeof TrainingSchema>;
export type KernelRecipe = v.InferOutput<typeof KernelSchema>;
export type ConstructionRecipe = v.InferOutput<typeof ConstructionSchema>;

/**
 * The most precise numbers that a runtime must compute with to meet the published predictions:
 * Theorem 1's slopes cancel in float32, and so do the coefficients of a kernel that fits random labels.
 */
export function precisionOf({ kind }: AnyRecipe): "float32" | "float64" {
  return kind === "training" || kind === "given" ? "float32" : "float64";
}

/** Whether training by a recipe ends with this epoch; never before the first. */
export function endsWith(
  { epochs, targetLoss = 0 }: TrainingRecipe,
  last: { epoch: number; loss: number } | undefined,
): boolean {
  return last !== undefined && (last.epoch >= epochs || last.loss < targetLoss);
}

// The package types its default export as a module namespace under NodeNext.
const canonicalize = canonicalizeModule as unknown as (data: unknown) => string;

/** Data in RFC 8785 canonical form. */
export function canonicalForm(data: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalize(data));
}

/** SHA-256 of data in RFC 8785 canonical form. */
export async function canonicalDigest(data: unknown): Promise<string> {
  return await sha256Hex(canonicalForm(data));
}
