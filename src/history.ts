/** models/<id>/history.json: how a training went, an entry an epoch; [] for what was constructed. */
import * as v from "valibot";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const loss = v.pipe(v.number(), v.finite());

/** A count, of so many. */
const HitsSchema = v.strictObject({
  correct: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  total: count,
});

const EpochSchema = v.strictObject({
  /** From 1. */
  epoch: count,
  /** Steps taken since the start, this epoch's included. */
  steps: count,
  learningRate: v.number(),
  /** The mean of the minibatches' losses on the data, without weight decay. */
  loss,
  /** Online training accuracy: correct / examples, each counted before the step it belongs to. */
  accuracy: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** The means over ten consecutive equal parts of the epoch's steps; of each step where there are fewer. */
  losses: v.pipe(v.array(loss), v.minLength(1), v.maxLength(10)),
  /**
   * Hits of the net as it is after the epoch, its model file evaluated by onnxruntime-node: of test,
   * and under corrupted labels of the training examples whose given label is not the true one
   * (`changed`) and of the others. Training has no say in them and they have none in training.
   */
  hits: v.optional(
    v.strictObject({
      test: HitsSchema,
      changed: v.optional(HitsSchema),
      unchanged: v.optional(HitsSchema),
    }),
  ),
  seconds: v.pipe(v.number(), v.minValue(0)),
});

export const HistorySchema = v.array(EpochSchema);

export type Epoch = v.InferOutput<typeof EpochSchema>;
export type History = v.InferOutput<typeof HistorySchema>;
