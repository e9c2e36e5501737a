/** Entity tags, what may be cached, and conditional requests (RFC 9110, sections 8.8.3 and 13). */
import type { Context } from "hono";
import { Problem } from "./problem.ts";

/** A strong entity tag out of a SHA-256 in hex. */
export function etagOf(sha256: string): string {
  return `"sha256-${sha256}"`;
}

function tagsOf(header: string): string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

/** Whether If-None-Match or If-Match names the tag; If-None-Match compares weakly. */
function namesTag(header: string, etag: string, compare: "weak" | "strong"): boolean {
  if (header.trim() === "*") return true;
  return tagsOf(header).some(
    (tag) => (compare === "weak" ? tag.replace(/^W\//, "") : tag) === etag,
  );
}

/** An address that contains the digest of what it names never changes; any other is asked again. */
export function cacheControl(pinned: boolean): string {
  return pinned ? "public, max-age=31536000, immutable" : "public, no-cache";
}

/** @throws Problem if If-Match names another tag than that of the answer, which may have none (section 13.1.1). */
export function assertMatch(c: Context, etag?: string): void {
  const wanted = c.req.header("If-Match");
  if (wanted === undefined || namesTag(wanted, etag ?? "", "strong")) return;
  throw new Problem("precondition-failed", etag ? `the tag is ${etag}` : "the answer has no tag");
}

/**
 * 304 if the client has this representation already, undefined otherwise.
 * @throws Problem as assertMatch does, which comes first (section 13.2.2).
 */
export function notModified(c: Context, headers: Record<string, string>): Response | undefined {
  const etag = headers.ETag ?? "";
  assertMatch(c, etag);
  const known = c.req.header("If-None-Match");
  if (known === undefined || !namesTag(known, etag, "weak")) return undefined;
  return c.body(null, 304, headers);
}
