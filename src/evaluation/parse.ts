/** A published JSON file against its schema. */
import * as v from "valibot";
import { InputError } from "../datasets/storage.ts";
import { faultOf } from "../issue.ts";

/** @throws InputError that names the file, and the field that is wrong. */
export function parseAs<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  name: string,
  remedy = "restore it from the repository",
): v.InferOutput<Schema> {
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, "")); // a byte order mark, as editors on Windows write it
  } catch {
    throw new InputError(`${name} is not JSON; ${remedy}`);
  }
  const parsed = v.safeParse(schema, data, { abortEarly: true });
  if (parsed.success) return parsed.output;
  throw new InputError(`${name}: ${faultOf(parsed.issues[0])}`);
}
