/**
 * Training as a file, to go on from: the SHA-256 of what follows in hexadecimal,
 * a line of JSON, then every number as float32, little-endian.
 */
import * as v from "valibot";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError } from "../datasets/storage.ts";
import {
  type ComputedWith,
  ComputedWithSchema,
  type Stretch,
  StretchSchema,
} from "../evaluation/checkpoint.ts";
import type { Epoch } from "../history.ts";
import type { State } from "./stepper.ts";

export interface SavedTraining {
  recipeDigest: string;
  computedWith: ComputedWith;
  /** Its first epochs, where they were computed with something else. */
  before: Stretch[];
  /** Of the code that trained it, in order; more than one where it was stopped between. */
  commits: string[];
  history: Epoch[];
  state: State;
}

// The digest vouches for the rest: what is read is what was written.
const HeaderSchema = v.object({
  recipeDigest: v.string(),
  computedWith: ComputedWithSchema,
  before: v.array(StretchSchema),
  commits: v.array(v.string()),
  history: v.array(v.custom<Epoch>((x) => typeof x === "object" && x !== null)),
  lengths: v.array(v.tuple([v.string(), v.number()])),
});

const NEWLINE = 0x0a;

/** A saved training that cannot be gone on from. */
export class SavedStateError extends InputError {
  override name = "SavedStateError";
  /** What is wrong with it, without what a person may do about it. */
  readonly fault: string;

  constructor(fault: string, remedy: string) {
    super(`${fault}; ${remedy}`);
    this.fault = fault;
  }
}

export async function encodeTraining({
  state,
  ...rest
}: SavedTraining): Promise<Uint8Array<ArrayBuffer>> {
  const utf8 = new TextEncoder();
  const lengths = [...state].map(([name, values]) => [name, values.length]);
  const header = utf8.encode(`${JSON.stringify({ ...rest, lengths })}\n`);
  const total = [...state.values()].reduce((sum, values) => sum + values.byteLength, 0);
  const digestLength = 64 + 1; // and its newline
  const bytes = new Uint8Array(digestLength + header.length + total);
  bytes.set(header, digestLength);
  const view = new DataView(bytes.buffer);
  let at = digestLength + header.length;
  for (const values of state.values()) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  bytes.set(utf8.encode(`${await sha256Hex(bytes.subarray(digestLength))}\n`));
  return bytes;
}

/**
 * @param name what a message calls it
 * @throws SavedStateError unless the bytes are what `encodeTraining` writes.
 */
export async function decodeTraining(
  bytes: Uint8Array<ArrayBuffer>,
  name = "the saved training",
): Promise<SavedTraining> {
  const utf8 = new TextDecoder();
  try {
    const digestEnd = bytes.indexOf(NEWLINE);
    const rest = bytes.subarray(digestEnd + 1);
    if (utf8.decode(bytes.subarray(0, digestEnd)) !== (await sha256Hex(rest)))
      throw new RangeError();
    const headerEnd = rest.indexOf(NEWLINE);
    const text = utf8.decode(rest.subarray(0, headerEnd));
    const { lengths, ...header } = v.parse(HeaderSchema, JSON.parse(text));
    const view = new DataView(rest.buffer, rest.byteOffset + headerEnd + 1);
    const state: State = new Map();
    let at = 0;
    for (const [name, length] of lengths) {
      const values = new Float32Array(length);
      for (let k = 0; k < length; k++, at += 4) values[k] = view.getFloat32(at, true);
      state.set(name, values);
    }
    return { ...header, state };
  } catch {
    throw new SavedStateError(`${name} is damaged`, "delete it, or use --restart");
  }
}
