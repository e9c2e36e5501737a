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
  /** Epochs of the recipe; 0 for what was constructed. */
  epochs: number;
  /** How the recomputed counts stand to the published ones. */
  result: "match" | "mismatch" | "not-certified";
}
