/** An image of a dataset as PNG. */
import { encode } from "fast-png";

/** @param planes uint8 [channels, size, size], the channels R, G, B or one of grey. */
export function pngOf(planes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const pixels = size * size;
  const channels = planes.length / pixels;
  const data = new Uint8Array(planes.length);
  for (let k = 0; k < planes.length; k++) {
    data[(k % pixels) * channels + Math.floor(k / pixels)] = planes[k] as number;
  }
  const png = encode({ width: size, height: size, channels: channels as 1 | 3, depth: 8, data });
  return new Uint8Array(png);
}
