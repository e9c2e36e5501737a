/** models/<id>/checkpoint.json: what a recipe gave, where and with what. */
import * as v from "valibot";
import { PreprocessingSchema } from "../onnx/foreign-interface.ts";
import { AnyRecipeSchema } from "../recipe.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const Sha256 = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, "it must be a SHA-256, 64 hex digits"),
);

/** What decides the bits of a training's numbers. */
const computedWith = {
  backend: v.string(),
  version: v.string(),
  device: v.string(),
  threads: count,
  environment: v.record(v.string(), v.string()),
  /** Versions of the shared libraries that computed, beside the one above. */
  libraries: v.optional(v.record(v.string(), v.string())),
};
export const ComputedWithSchema = v.object(computedWith);
export type ComputedWith = v.InferOutput<typeof ComputedWithSchema>;

/** A part of a training and how many epochs it took. */
export const StretchSchema = v.strictObject({ ...computedWith, epochs: count });
export type Stretch = v.InferOutput<typeof StretchSchema>;

export const CheckpointSchema = v.strictObject({
  id: v.string(),
  recipe: AnyRecipeSchema,
  recipeDigest: Sha256,
  model: v.strictObject({
    file: v.literal("model.onnx"),
    sha256: Sha256,
    bytes: count,
    opset: count,
    parameters: count,
    /** Of the weights, or of the function that a kernel machine is: src/onnx/norm.ts. */
    norm: v.optional(v.pipe(v.number(), v.gtValue(0))),
  }),
  /** Where model.onnx was written anew from the same weights, by a later graph. */
  exported: v.optional(
    v.strictObject({
      /** Of the file that training wrote. */
      trainedSha256: Sha256,
      sourceCommit: v.string(),
    }),
  ),
  /** Of a network that was made elsewhere and takes no bytes: what bytes become before it. */
  preprocessing: v.optional(PreprocessingSchema),
  /** Claims are decided by how training went, too. */
  history: v.strictObject({ file: v.literal("history.json"), sha256: Sha256 }),
  trained: v.strictObject({
    ...computedWith,
    /** The first epochs, in order, where they were computed with something else than the last. */
    before: v.optional(v.array(StretchSchema)),
    epochs: count,
    seconds: v.number(),
    date: v.string(),
    sourceCommit: v.string(),
  }),
});

export type Checkpoint = v.InferOutput<typeof CheckpointSchema>;
