/** Training as a file, to go on from: a line of JSON, then every number as float32, little-endian. */
import * as v from "valibot";
import { InputError } from "../datasets/storage.ts";
import type { Epoch } from "../history.ts";
import type { State } from "./stepper.ts";

export interface SavedTraining {
  recipeDigest: string;
  /** What it was computed with; numbers of two machines or libraries are not mixed. */
  computedWith: string;
  /** Of the code that trained it, in order; more than one where it was stopped between. */
  commits: string[];
  history: Epoch[];
  state: State;
}

const HeaderSchema = v.object({
  recipeDigest: v.string(),
  computedWith: v.string(),
  commits: v.array(v.string()),
  history: v.array(v.custom<Epoch>((x) => typeof x === "object")),
  lengths: v.array(v.tuple([v.string(), v.number()])),
});

export function encodeTraining({ state, ...rest }: SavedTraining): Uint8Array<ArrayBuffer> {
  const lengths = [...state].map(([name, values]) => [name, values.length]);
  const header = new TextEncoder().encode(`${JSON.stringify({ ...rest, lengths })}\n`);
  const total = [...state.values()].reduce((sum, values) => sum + values.byteLength, 0);
  const bytes = new Uint8Array(header.length + total);
  bytes.set(header);
  const view = new DataView(bytes.buffer);
  let at = header.length;
  for (const values of state.values()) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/** @throws InputError unless the bytes are what `encodeTraining` writes. */
export function decodeTraining(bytes: Uint8Array<ArrayBuffer>): SavedTraining {
  const end = bytes.indexOf(0x0a);
  try {
    const text = new TextDecoder().decode(bytes.subarray(0, end));
    const { lengths, ...header } = v.parse(HeaderSchema, JSON.parse(text));
    const view = new DataView(bytes.buffer, bytes.byteOffset + end + 1);
    if (lengths.reduce((sum, [, n]) => sum + 4 * n, 0) !== view.byteLength) throw new RangeError();
    const state: State = new Map();
    let at = 0;
    for (const [name, length] of lengths) {
      const values = new Float32Array(length);
      for (let k = 0; k < length; k++, at += 4) values[k] = view.getFloat32(at, true);
      state.set(name, values);
    }
    return { ...header, state };
  } catch {
    throw new InputError("the saved training is damaged; delete it, or use --restart");
  }
}
