/** JSON answers with a strong entity tag. */
import type { Context, TypedResponse } from "hono";
import type { StatusCode } from "hono/utils/http-status";
import type { JSONParsed } from "hono/utils/types";
import { sha256Hex } from "../../datasets/digest.ts";
import { cacheControl, etagOf, notModified } from "./conditional.ts";

/** Of any status: a problem has another, and who asks with the typed client looks. */
export type JsonAnswer<T> = Response & TypedResponse<JSONParsed<T>, StatusCode, "json">;

/** Text that is T in JSON, with headers that include its ETag. */
export function jsonText<T>(
  c: Context,
  text: string,
  headers: Record<string, string>,
): JsonAnswer<T> {
  return c.body(text, 200, {
    ...headers,
    "Content-Type": "application/json",
  }) as unknown as JsonAnswer<T>; // the typed client sees T
}

/** A value whose tag is the digest of its text. */
export async function json<T>(c: Context, value: T, pinned = false): Promise<JsonAnswer<T>> {
  const text = JSON.stringify(value);
  const headers = {
    ETag: etagOf(await sha256Hex(new TextEncoder().encode(text))),
    "Cache-Control": cacheControl(pinned),
  };
  const unchanged = notModified(c, headers);
  return (unchanged as JsonAnswer<T> | undefined) ?? jsonText(c, text, headers);
}
