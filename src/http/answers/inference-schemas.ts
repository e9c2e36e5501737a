/** Requests and answers of the Open Inference Protocol v2, as valibot schemas that also make the OpenAPI document. */
import * as v from "valibot";

const parameters = v.optional(v.record(v.string(), v.unknown()), {});

const FEW = 8;
const few = v.custom<unknown[]>(
  (list) => Array.isArray(list) && list.length <= FEW,
  `it must be an array of ${FEW} elements at most`,
);

/** @param first what is looked at before the elements of an array are */
function requestOf<
  const Data extends v.GenericSchema<unknown[]>,
  const First extends v.GenericSchema<unknown[]>,
>(data: Data, first: First) {
  return v.object({
    id: v.optional(v.pipe(v.string(), v.maxLength(1000, "it must have 1000 characters at most"))),
    parameters,
    inputs: v.pipe(
      v.array(
        v.object({
          name: v.literal("images", "it must be images"),
          datatype: v.literal("UINT8", "it must be UINT8"),
          shape: v.pipe(first, v.array(v.pipe(v.number(), v.safeInteger()))),
          parameters,
          /** Integers of 0 to 255, flat or nested as the shape is; not there where they are binary. */
          data: v.optional(data),
        }),
      ),
      v.length(1, "the model takes one input"),
    ),
    outputs: v.optional(
      v.pipe(
        first,
        v.array(v.object({ name: v.literal("logits", "it must be logits"), parameters })),
        v.maxLength(1, "the model gives one output"),
      ),
    ),
  });
}

/** For the OpenAPI document. */
export const InferenceRequest = v.pipe(
  requestOf(v.array(v.any()), v.array(v.any())),
  v.metadata({ ref: "InferenceRequest" }),
);
/** For validation: the data's three million elements are looked at once, when they are copied. */
export const RequestSchema = requestOf(
  v.custom<unknown[]>(Array.isArray, "it must be an array"),
  few,
);

const FLOATS = v.object({
  name: v.literal("logits"),
  datatype: v.literal("FP32"),
  shape: v.array(v.number()),
  /** Of the bytes after the JSON, where the data are binary. */
  parameters: v.optional(v.object({ binary_data_size: v.number() })),
  /** Row by row; not there where they are binary. */
  data: v.optional(v.array(v.number())),
});

export const InferenceAnswer = v.pipe(
  v.object({
    model_name: v.string(),
    id: v.optional(v.string()),
    parameters: v.record(v.string(), v.string()),
    outputs: v.array(FLOATS),
  }),
  v.metadata({ ref: "InferenceAnswer" }),
);

export type InferenceRequest = v.InferOutput<typeof RequestSchema>;

export const Live = v.object({ live: v.boolean() });
export const Ready = v.object({ ...Live.entries, ready: v.boolean() });
export const ModelReady = v.object({ name: v.string(), ready: v.boolean() });
const Tensor = v.object({ name: v.string(), datatype: v.string(), shape: v.array(v.number()) });
export const Model = v.object({
  name: v.string(),
  platform: v.string(),
  inputs: v.array(Tensor),
  outputs: v.array(Tensor),
});
export const Server = v.object({
  name: v.string(),
  version: v.string(),
  extensions: v.array(v.string()),
});
