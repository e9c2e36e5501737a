/**
 * Keeps evaluations' whole answers for a second, so that one asked over and
 * over costs no more than sending it. A second is how late a change on disk
 * may show.
 */
import { recordAnswer } from "./log.ts";
import { nextRequestId } from "./request-id.ts";
import type { Asking } from "../making/asker.ts";
import type { Service } from "../service.ts";

const MILLISECONDS = 1000;
const ROUTE = "/v1/checkpoints/:id/evaluations/:split";

/** An evaluation's address, with the prefix or without it: a proxy leaves it there or takes it away. */
function addressBelow(prefix: string): RegExp {
  const path = "(/v1/checkpoints/[^/?]+/evaluations/[^/?]+)";
  return new RegExp(`^https?://[^/]+(?:${prefix.replaceAll(".", "\\.")})?${path}(\\?|$)`);
}

interface Kept {
  path: string;
  body: string;
  headers: [name: string, value: string][];
}

export type Handler = (request: Request, asking?: Asking) => Response | Promise<Response>;

/** A request that says nothing but its address. */
function isPlain({ method, headers }: Request): boolean {
  return (
    method === "GET" &&
    !headers.has("If-None-Match") &&
    !headers.has("If-Match") &&
    !headers.has("X-Request-Id") &&
    !headers.get("Host")?.includes(",")
  );
}

/** The application behind the cache. It answers at once, without a promise, where it can: servers are faster then. */
export function microcached(app: { fetch: Handler }, service: Service): Handler {
  const answers = new Map<string, Kept>();
  const address = addressBelow(service.prefix);
  let characters = 0;
  let emptied = 0;

  function empty(now: number): void {
    answers.clear();
    characters = 0;
    emptied = now;
  }

  async function fetchAndKeep(
    request: Request,
    asking: Asking | undefined,
    path: string,
  ): Promise<Response> {
    const response = await app.fetch(request, asking);
    if (response.status !== 200) return response;
    const headers: Kept["headers"] = [];
    response.headers.forEach((value, name) => {
      headers.push([name, value]);
    });
    const body = await response.text();
    characters += request.url.length + body.length; // the host in it may be as long as a head
    if (characters > service.memory.answers) empty(emptied);
    else answers.set(request.url, { path, body, headers });
    return new Response(body, { headers });
  }

  return (request, asking) => {
    if (asking?.refused || !isPlain(request)) return app.fetch(request, asking);
    const now = Date.now();
    if (Math.abs(now - emptied) > MILLISECONDS) empty(now);
    const { url } = request;
    const kept = answers.get(url);
    if (!kept) {
      const path = address.exec(url)?.[1];
      return path === undefined ? app.fetch(request, asking) : fetchAndKeep(request, asking, path);
    }
    const { path, body } = kept;
    const requestId = nextRequestId();
    // A spread and one more property would take longer than all else here.
    const headers: Record<string, string> = {};
    for (const [name, value] of kept.headers) headers[name] = value;
    headers["x-request-id"] = requestId;
    recordAnswer(service, {
      requestId,
      method: "GET",
      path,
      route: ROUTE,
      status: 200,
      seconds: 0,
    });
    return new Response(body, { headers });
  };
}
