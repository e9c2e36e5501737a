/** What making a checkpoint takes and gives, whether it is trained or constructed. */
import type { Checkpoint } from "../evaluation/checkpoint.ts";
import type { Epoch } from "../history.ts";
import type { BackendName } from "../training/backend-name.ts";

export interface TrainOptions {
  backend: BackendName;
  /** Begin anew, whatever is saved. */
  restart?: boolean;
  /** Go on from what another device or library computed; left out where nobody can choose that. */
  mixed?: boolean;
  /** Whether to count, after each epoch, what the net hits; as if true where it is left out. */
  hits?: boolean;
  /** Once aborted, training is saved after its epoch and ends with the signal's reason. */
  signal?: AbortSignal;
}

/** What making a checkpoint gives, before it is written. */
export interface Made {
  model: Uint8Array<ArrayBuffer>;
  parameters: number;
  /** Where its file alone does not tell it. */
  norm?: number;
  history: Epoch[];
  /** Of the code that made it, in order, where it took several runs. */
  commits?: string[];
  trained: Omit<Checkpoint["trained"], "date" | "sourceCommit" | "epochs">;
}
