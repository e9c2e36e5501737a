/**
 * Reads requests and writes answers of the Open Inference Protocol v2 (KServe): images in,
 * logits out, in JSON or by the binary tensor data extension.
 */
import * as v from "valibot";
import type { RuntimeName } from "../../evaluation/runtimes/runtime.ts";
import { faultOf } from "../../issue.ts";
import { unheededParameter } from "./inference-parameters.ts";
import { type InferenceRequest, RequestSchema } from "./inference-schemas.ts";
import { Problem } from "./problem.ts";

const MAX_IMAGES = 1000;
/** Channels, height, width. */
type ImageShape = readonly number[];
const CLASSES = 10;

/** How many of [, { and " the JSON may have: twice as many as the most images, nested, at 100 each. */
export const MAX_MARKS = 200 * MAX_IMAGES;

/** And commas: between the most images' bytes, and as many as there may be of the others. */
const MAX_COMMAS = MAX_IMAGES * 3 * 32 * 32 + MAX_MARKS;

/** The header that says how many bytes of JSON precede the binary data. */
export const JSON_LENGTH = "Inference-Header-Content-Length";

export interface Inference {
  id: string | undefined;
  /** uint8 [n, 3, 32, 32]. */
  images: Uint8Array<ArrayBuffer>;
  /** What shall run the model, as in an evaluation's query. */
  runtime: RuntimeName | undefined;
  /** Whether the client wants the logits, and in binary. */
  wants: "json" | "binary" | "nothing";
}

function refuse(detail: string): never {
  throw new Problem("bad-inference", detail);
}

/** Eight million brackets, which 16 MB hold, would keep JSON.parse, and so every client, for seconds. */
function checkMarks(json: Uint8Array): void {
  let marks = 0;
  let commas = 0;
  // for…of would take seven times as long.
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === 0x5b || byte === 0x7b || byte === 0x22) marks++;
    else if (byte === 0x2c) commas++;
  }
  if (marks > MAX_MARKS)
    refuse(`the request has ${marks} of [, { and "; send ${MAX_MARKS} at most`);
  if (commas > MAX_COMMAS) refuse(`the request has ${commas} commas; send ${MAX_COMMAS} at most`);
}

function parseJson(bytes: Uint8Array): InferenceRequest {
  checkMarks(bytes);
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    refuse("the request is not JSON");
  }
  // The first fault is enough: a body of 16 MB may hold millions.
  const parsed = v.safeParse(RequestSchema, data, { abortEarly: true });
  if (parsed.success) return parsed.output;
  return refuse(faultOf(parsed.issues[0], "the request"));
}

/** The number of images that a shape has. */
function countOf(shape: number[], wanted: ImageShape): number {
  const [n = 0, ...image] = shape;
  if (`${image}` !== `${wanted}` || n < 1) {
    refuse(
      `inputs.0.shape: it is [${shape.slice(0, 8).join(", ")}], not [n, ${wanted.join(", ")}]`,
    );
  }
  if (n > MAX_IMAGES) refuse(`inputs.0.shape: ${n} images; send ${MAX_IMAGES} at most`);
  return n;
}

const sizeOf = (shape: ImageShape) => shape.reduce((a, b) => a * b, 1);

/** Bytes of data in JSON, nested as the shape is, or flat from any of its dimensions on. */
function bytesOf(data: unknown[], whole: ImageShape): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeOf(whole));
  let at = 0;
  function copy(values: unknown[], shape: ImageShape): void {
    const [rows, ...row] = shape;
    const nested = row.length > 0 && Array.isArray(values[0]);
    for (const x of values) {
      if (nested && Array.isArray(x)) copy(x, row);
      else if (nested) refuse(`inputs.0.data: element ${at} is not nested as those before it`);
      else if (Number.isInteger(x) && (x as number) >= 0 && (x as number) <= 255) {
        bytes[at++] = x as number; // beyond the end it is only counted
      } else refuse(`inputs.0.data: element ${at} is not an integer of 0 to 255`);
    }
    const size = nested ? rows : sizeOf(shape);
    if (values.length === size) return;
    refuse(`inputs.0.data: ${values.length} elements, where the shape has ${size}`);
  }
  copy(data, whole);
  return bytes;
}

function runtimeOf({ parameters: { runtime } }: InferenceRequest): Inference["runtime"] {
  if (runtime === undefined || runtime === "native" || runtime === "wasm") return runtime;
  return refuse("parameters.runtime: it must be native or wasm");
}

/** @throws Problem if it is neither true nor false; undefined if it is not there. */
function flagOf(at: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  return refuse(`${at}: it must be true or false`);
}

function wanted({ parameters, outputs }: InferenceRequest): Inference["wants"] {
  const all = flagOf("parameters.binary_data_output", parameters.binary_data_output);
  if (outputs?.length === 0) return "nothing";
  const own = flagOf("outputs.0.parameters.binary_data", outputs?.[0]?.parameters.binary_data);
  return (own ?? all) ? "binary" : "json";
}

/**
 * Reads an inference request.
 * @param image the shape of the model's images
 * @param jsonLength the header of the binary extension, if there is one
 * @throws Problem that names the part that is wrong.
 */
export function readInference(
  body: Uint8Array<ArrayBuffer>,
  jsonLength?: string,
  image: ImageShape = [3, 32, 32],
): Inference {
  const length = jsonLength === undefined ? body.length : Number(jsonLength);
  if (!/^\d+$/.test(jsonLength ?? "0") || length > body.length) {
    refuse(`${JSON_LENGTH}: it is not the length of JSON in this body`);
  }
  const request = parseJson(body.subarray(0, length));
  const unheeded = unheededParameter(request);
  if (unheeded !== undefined) refuse(unheeded);
  const [{ shape, parameters, data }] = request.inputs as [InferenceRequest["inputs"][number]];
  const whole = [countOf(shape, image), ...image];
  const size = sizeOf(whole);
  const binary = body.slice(length);
  const { binary_data_size: stated } = parameters;
  const given = { id: request.id, runtime: runtimeOf(request), wants: wanted(request) };
  if (data) {
    if (stated !== undefined || binary.length > 0) refuse("inputs.0: it has data twice");
    return { ...given, images: bytesOf(data, whole) };
  }
  if (stated === undefined) refuse("inputs.0: it has neither data nor binary_data_size");
  if (stated !== size || binary.length !== size) {
    refuse(`inputs.0: ${binary.length} bytes of binary data, where the shape has ${size}`);
  }
  return { ...given, images: binary };
}

function littleEndian(logits: Float32Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(logits.length * 4));
  logits.forEach((x, k) => {
    view.setFloat32(k * 4, x, true);
  });
  return new Uint8Array(view.buffer);
}

/** The answer's body and headers for logits [n, 10]. */
export function writeInference(
  { id, wants }: Inference,
  model: string,
  ran: Record<string, string>,
  logits: Float32Array,
): { body: Uint8Array<ArrayBuffer>; headers: Record<string, string> } {
  const binary = wants === "binary" ? littleEndian(logits) : new Uint8Array();
  const output = { name: "logits", datatype: "FP32", shape: [logits.length / CLASSES, CLASSES] };
  const values =
    wants === "binary"
      ? { parameters: { binary_data_size: binary.length } }
      : { data: [...logits] };
  const answer = {
    model_name: model,
    ...(id !== undefined && { id }),
    parameters: ran,
    outputs: wants === "nothing" ? [] : [{ ...output, ...values }],
  };
  const json = new TextEncoder().encode(JSON.stringify(answer));
  if (wants !== "binary") return { body: json, headers: { "Content-Type": "application/json" } };
  const body = new Uint8Array(json.length + binary.length);
  body.set(json);
  body.set(binary, json.length);
  const headers = { "Content-Type": "application/octet-stream", [JSON_LENGTH]: `${json.length}` };
  return { body, headers };
}
