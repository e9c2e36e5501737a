/** How much is evaluated where nobody says how much; on its own, for help must not load an evaluation. */

/** Shards of each split that a verification draws: one of each published net takes minutes already. */
export const DEFAULT_SHARDS = 1;

/** Examples of a split that wasm evaluates of a convolutional net: all of test, a fifth of train. */
export const CONVOLUTIONAL_REFERENCE = 10_000;
