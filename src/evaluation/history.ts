/** models/<id>/history.json: how the training went, an entry an epoch; [] for what was constructed. */
import * as v from "valibot";
import { MismatchError } from "../datasets/storage.ts";
import { parseAs } from "./parse.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const loss = v.pipe(v.number(), v.finite());

export const HistorySchema = v.array(
  v.strictObject({
    /** From 1. */
    epoch: count,
    /** Steps taken since the start, this epoch's included. */
    steps: count,
    learningRate: v.number(),
    /** The mean of the minibatches' losses on the data, without weight decay. */
    loss,
    /** Online training accuracy: correct / examples, each counted before the step it belongs to. */
    accuracy: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    /** The means over ten consecutive equal parts of the epoch's steps. */
    losses: v.pipe(v.array(loss), v.length(10)),
    seconds: v.pipe(v.number(), v.minValue(0)),
  }),
);

export type History = v.InferOutput<typeof HistorySchema>;

/**
 * Parses a history and checks that its epochs follow each other.
 * @throws InputError if it is no history, MismatchError if an epoch is missing or takes no step.
 */
export function parseHistory(text: string, id: string): History {
  const name = `models/${id}/history.json`;
  const history = parseAs(HistorySchema, text, name);
  let steps = 0;
  for (const [k, entry] of history.entries()) {
    if (entry.epoch !== k + 1 || entry.steps <= steps)
      throw new MismatchError(`${name}: entry ${k} is not of epoch ${k + 1}, or takes no step`);
    steps = entry.steps;
  }
  return history;
}
