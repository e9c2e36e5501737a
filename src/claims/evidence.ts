/** What a claim sees of a checkpoint: counts, weights, history, and how recomputing ended. */
import type { History } from "../history.ts";

export interface Count {
  correct: number;
  total: number;
}

export interface Evidence {
  parameters: number;
  /** Against the given labels. */
  train: Count;
  test: Count;
  history: History;
  /** The history tells a whole training; of what was constructed, none. */
  trained: boolean;
  /** How the recomputed counts stand to the published ones. */
  result: "match" | "mismatch" | "not-certified";
}
