/** Where training starts, out of the keyed generator. */
import { type Net, sizeOf, statisticsOf, weightsOf } from "../nets/net.ts";
import { keyed } from "../prng.ts";
import { type State, velocityOf } from "./stepper.ts";

/**
 * Kernels uniform in ±√(6 / (fanIn + fanOut)) (Glorot and Bengio, 2010), or by `he` in ±√(6 / fanIn),
 * whose variance is 2 / fanIn (He et al., 2015); everything else at rest.
 * Purpose `weights`, i = the weight's place in the net; one word u a number,
 * in order: (2 · (u + ½) / 2³² − 1) · limit.
 */
export function initialState(net: Net, seed: number, how?: "he"): State {
  const state: State = new Map();
  for (const [i, { name, shape, role, fanIn, fanOut }] of weightsOf(net).entries()) {
    const values = new Float32Array(sizeOf(shape));
    if (role === "kernel") {
      const { next } = keyed("weights", seed, i);
      const limit = Math.sqrt(6 / (how === "he" ? fanIn : fanIn + fanOut));
      for (let k = 0; k < values.length; k++) {
        values[k] = ((2 * (next() + 0.5)) / 2 ** 32 - 1) * limit;
      }
    }
    state.set(name, values);
    state.set(velocityOf(name), new Float32Array(values.length));
  }
  for (const { name, channels, initial } of statisticsOf(net)) {
    state.set(name, new Float32Array(channels).fill(initial));
  }
  return state;
}
