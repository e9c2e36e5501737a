/** Pixels of a view: true, shuffled, random or Gaussian (paper, section 2.1). */
import thresholds from "../../fixtures/gaussian-thresholds.json" with { type: "json" };
import { keyed, permutation } from "../prng.ts";
import { IMAGE_BYTES } from "./cifar10.ts";

export type Pixels = { kind: "true" } | { kind: "shuffled" | "random" | "gaussian"; seed: number };

const PLANE = IMAGE_BYTES / 3;

/** Pixel k of the result is pixel p[k] of the image; a pixel keeps its three channels. */
function permute(image: Uint8Array, p: Uint32Array): void {
  const source = image.slice();
  for (let channel = 0; channel < IMAGE_BYTES; channel += PLANE) {
    for (let k = 0; k < PLANE; k++)
      image[channel + k] = source[channel + (p[k] as number)] as number;
  }
}

/** The number of sorted thresholds that are ≤ u. */
function countUpTo(sorted: number[], u: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= u) low = middle + 1;
    else high = middle;
  }
  return low;
}

function fillGaussian(image: Uint8Array, seed: number, index: number): void {
  const generator = keyed("gaussian", seed, index);
  for (let at = 0; at < IMAGE_BYTES; at++) {
    const channel = thresholds.thresholds[Math.floor(at / PLANE)] as number[];
    image[at] = countUpTo(channel, generator.next());
  }
}

/**
 * The view's images [n, 3, 32, 32]: those given, or changed copies.
 * @param first the dataset index of the first image (test images: 50,000 + index)
 */
export function applyPixels(
  pixels: Pixels,
  original: Uint8Array<ArrayBuffer>,
  first: number,
): Uint8Array<ArrayBuffer> {
  if (pixels.kind === "true") return original;
  const images = original.slice();
  const shared =
    pixels.kind === "shuffled" ? permutation(keyed("shuffle", pixels.seed, 0), PLANE) : null;
  for (let at = 0, index = first; at < images.length; at += IMAGE_BYTES, index++) {
    const image = images.subarray(at, at + IMAGE_BYTES);
    if (pixels.kind === "gaussian") fillGaussian(image, pixels.seed, index);
    else permute(image, shared ?? permutation(keyed("random-pixels", pixels.seed, index), PLANE));
  }
  return images;
}
