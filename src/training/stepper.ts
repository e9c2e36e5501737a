/** What the training loop asks of a backend: steps, and the numbers that they change. */

/** What every step of a training has in common. */
export interface StepOptions {
  momentum: number;
  /** λ of λ/2 · ‖w‖² over the kernels. */
  weightDecay: number;
  /** The layers whose kernels decay; every one where it is left out. */
  decayedLayers?: string[] | undefined;
}

export interface StepResult {
  /** Mean cross-entropy of the batch before the update. */
  loss: number;
  correct: number;
}

/** Every number that training changes, by name: weights, `<weight>/velocity` and batch norm's averages. */
export type State = Map<string, Float32Array<ArrayBuffer>>;

export interface Stepper {
  /**
   * One step of gradient descent with momentum:
   * v ← momentum · v + gradient; w ← w − learningRate · v.
   * @param images standardized, [n, 28, 28, 3]
   * @param labels one-hot, [n, 10]
   */
  step(images: Float32Array, labels: Float32Array, learningRate: number): Promise<StepResult>;
  read(): Promise<State>;
  dispose(): void;
}

/** How fast batch norm's averages follow: average ← 0.99 · average + 0.01 · batch. */
export const AVERAGE_MOMENTUM = 0.99;

export function velocityOf(weight: string): string {
  return `${weight}/velocity`;
}
