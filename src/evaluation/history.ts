/** Reads a checkpoint's history. */
import { MismatchError } from "../datasets/storage.ts";
import { type History, HistorySchema } from "../history.ts";
import { parseAs } from "./parse.ts";

/**
 * Parses a history and checks that its epochs follow each other.
 * @throws InputError if it is no history, MismatchError if an epoch is missing, takes no step or lacks losses.
 */
export function parseHistory(text: string, id: string): History {
  const name = `models/${id}/history.json`;
  const history = parseAs(HistorySchema, text, name);
  let steps = 0;
  for (const [k, entry] of history.entries()) {
    if (entry.epoch !== k + 1 || entry.steps <= steps)
      throw new MismatchError(`${name}: entry ${k} is not of epoch ${k + 1}, or takes no step`);
    if (entry.losses.length !== Math.min(10, entry.steps - steps))
      throw new MismatchError(`${name}: entry ${k} has not the losses of the tenths of its steps`);
    steps = entry.steps;
  }
  return history;
}
