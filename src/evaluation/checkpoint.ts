/** models/<id>/checkpoint.json: what a recipe gave, where and with what. */
import * as v from "valibot";
import { RecipeSchema } from "../recipe.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

export const CheckpointSchema = v.strictObject({
  id: v.string(),
  recipe: RecipeSchema,
  recipeDigest: Sha256,
  model: v.strictObject({
    file: v.literal("model.onnx"),
    sha256: Sha256,
    bytes: count,
    opset: count,
    parameters: count,
  }),
  /** Claims are decided by how training went, too. */
  history: v.strictObject({ file: v.literal("history.json"), sha256: Sha256 }),
  trained: v.strictObject({
    backend: v.string(),
    version: v.string(),
    device: v.string(),
    threads: count,
    environment: v.record(v.string(), v.string()),
    epochs: count,
    seconds: v.number(),
    date: v.string(),
    sourceCommit: v.string(),
  }),
});

export type Checkpoint = v.InferOutput<typeof CheckpointSchema>;
