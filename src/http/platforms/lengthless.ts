/** Answers to HEAD under Deno, which says of an answer without a body that its length is 0. */

/** Statuses that have no body to anybody (Fetch standard, section 2.2.3). */
const BODILESS = [101, 103, 204, 205, 304];

/**
 * The answer, told no length where it gives none: that of GET has one which is not known
 * (RFC 9110, section 8.6).
 */
export function withoutLength(method: string, response: Response): Response {
  if (method !== "HEAD" || response.headers.has("Content-Length")) return response;
  if (BODILESS.includes(response.status)) return response;
  const empty = new ReadableStream({ start: (controller) => controller.close() });
  return new Response(empty, response);
}
