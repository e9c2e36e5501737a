/** What a claim sees of a checkpoint: counts, weights, history, and how recomputing ended. */
import type { History } from "../history.ts";

export interface Count {
  correct: number;
  total: number;
}

export interface Evidence {
  parameters: number;
  /** As onnx/norm.ts measures it; undefined where that was not done. */
  norm?: number;
  /** Test examples missed with confidence, as evaluation/margin.ts counts them; undefined where that was not done. */
  confidentMisses?: number;
  /** Against the given labels. */
  train: Count;
  test: Count;
  /** Of the test examples, uint8 each: what was predicted, and the true labels; undefined where they are not at hand. */
  answers?: { predictions: Uint8Array; labels: Uint8Array };
  history: History;
  /** The history tells a whole training; of what was constructed, none. */
  trained: boolean;
  /** How the recomputed counts stand to the published ones. */
  result: "match" | "mismatch" | "not-certified";
}
