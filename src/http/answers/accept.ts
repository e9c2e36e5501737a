/** Which media type a client wants most (RFC 9110, section 12.5.1). Hono's own choice lets no type match a wildcard. */
import type { Context } from "hono";
import { accepts } from "hono/accepts";

/** An element of the Accept header. */
interface MediaRange {
  type: string;
  /** From 0, not acceptable, to 1. */
  q: number;
}

interface Wish extends MediaRange {
  /** How far the range that decided is from the type itself. */
  looseness: number;
}

/** How much a type is wanted: the most specific range that it lies in decides. */
function wishFor(type: string, accepted: MediaRange[]): Wish {
  const ranges = [type, `${type.split("/")[0]}/*`, "*/*"];
  for (const [looseness, range] of ranges.entries()) {
    const found = accepted.find((one) => one.type.toLowerCase() === range);
    if (found) return { type, q: found.q, looseness };
  }
  return { type, q: 0, looseness: ranges.length };
}

/**
 * The type of the highest weight; of equals the one that was named more
 * specifically, then the first. The default where none is acceptable.
 */
export function mostWanted(
  accepted: MediaRange[],
  { supports, default: otherwise }: { supports: string[]; default: string },
): string {
  const wishes = supports.map((type) => wishFor(type, accepted)).filter(({ q }) => q > 0);
  const [first] = wishes.sort((a, b) => b.q - a.q || a.looseness - b.looseness);
  return first?.type ?? otherwise;
}

/**
 * Whether the client would rather have a page than data: browsers say so, programs do not. The
 * answer is told to depend on it.
 * @param unless what is sent to whom both suit, or neither
 */
export function wantsPage(c: Context, unless = "application/json"): boolean {
  c.header("Vary", "Accept");
  const supports = [...new Set([unless, "application/json", "text/html"])]; // of equals the first
  const options = { header: "Accept" as const, supports, default: unless };
  return accepts(c, { ...options, match: mostWanted }) === "text/html";
}

/** Whether an error at the path may be a page: the API answers everyone in JSON. */
export function hasPages(path: string): boolean {
  return !/^\/(v\d|assets|openapi)/.test(path);
}
