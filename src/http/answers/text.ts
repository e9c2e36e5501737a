/** A page or an asset as an answer: strong entity tag, compressed where the client takes it. */
import type { Context } from "hono";
import { sha256Hex } from "../../datasets/digest.ts";
import { cacheControl, etagOf, notModified } from "./conditional.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The same content twice; each encoding has a tag of its own (RFC 9110, section 8.8.3.3). */
export interface Text {
  type: string;
  plain: { bytes: Bytes; etag: string };
  gzip: { bytes: Bytes; etag: string };
}

async function tagged(bytes: Bytes) {
  return { bytes, etag: etagOf(await sha256Hex(bytes)) };
}

async function compressed(bytes: Bytes): Promise<Bytes> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function prepare(content: string | Bytes, type: string): Promise<Text> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { type, plain: await tagged(bytes), gzip: await tagged(await compressed(bytes)) };
}

function takesGzip(c: Context): boolean {
  const listed = (c.req.header("Accept-Encoding") ?? "").toLowerCase().split(",");
  return listed.some((one) => /^\s*gzip\s*(;\s*q=(1|0\.[0-9]*[1-9][0-9]*).*)?$/.test(one));
}

/** @param vary what else of the request decides the answer */
export function answer(c: Context, text: Text, vary: string[] = []): Response {
  const encoded = takesGzip(c);
  const { bytes, etag } = encoded ? text.gzip : text.plain;
  const headers = {
    ETag: etag,
    "Cache-Control": cacheControl(false),
    Vary: [...vary, "Accept-Encoding"].join(", "),
  };
  const unchanged = notModified(c, headers);
  if (unchanged) return unchanged;
  return c.body(bytes, 200, {
    ...headers,
    "Content-Type": text.type,
    "Content-Length": `${bytes.length}`,
    ...(encoded && { "Content-Encoding": "gzip" }),
  });
}
