/** Per-image standardization (paper, Appendix A), with the arithmetic of the exported graph. */
import { IMAGE_BYTES } from "../datasets/cifar10.ts";
import { INPUT } from "../nets/net.ts";

const SIDE = 32;
const PLANE = SIDE * SIDE;
const [HEIGHT, WIDTH, CHANNELS] = INPUT;
const PIXELS = HEIGHT * WIDTH * CHANNELS;

/** Numbers in one standardized image: 28 · 28 · 3. */
export const STANDARDIZED = PIXELS;

/** The offset of the centre crop in each direction. */
export const CENTRE = (SIDE - HEIGHT) / 2;

/**
 * Writes the 28×28 crop at (row, column) of an image, uint8 [3, 32, 32], to
 * `out` at `at` as [28, 28, 3]: (x − mean) / max(σ, 1/√2352). Sums are exact
 * integers, mean and σ are taken in float64 and rounded to float32 once.
 */
export function standardize(
  image: Uint8Array,
  row: number,
  column: number,
  out: Float32Array,
  at: number,
): void {
  let sum = 0;
  let squares = 0;
  let to = at;
  for (let y = row; y < row + HEIGHT; y++) {
    for (let x = column; x < column + WIDTH; x++) {
      for (let from = y * SIDE + x; from < IMAGE_BYTES; from += PLANE) {
        const value = image[from] as number;
        sum += value;
        squares += value * value;
        out[to++] = value;
      }
    }
  }
  const mean = Math.fround(sum / PIXELS);
  const sigma = Math.fround(
    Math.max(Math.sqrt(PIXELS * squares - sum * sum) / PIXELS, 1 / Math.sqrt(PIXELS)),
  );
  // A Float32Array rounds what is stored: each of the two operations is float32's.
  for (let k = at; k < to; k++) out[k] = Math.fround((out[k] as number) - mean) / sigma;
}
