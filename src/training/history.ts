/** What happened in an epoch of training. */
export interface Epoch {
  /** From 1. */
  epoch: number;
  /** Steps since the start, this epoch's included. */
  steps: number;
  learningRate: number;
  /** Mean cross-entropy over the epoch's examples, each before its step's update, without weight decay. */
  loss: number;
  /** Correct before the update / examples. */
  accuracy: number;
  /** The mean loss of each tenth of the epoch's steps, in order. */
  losses: number[];
  seconds: number;
}
