/**
 * What Node, or its adapter, would refuse by itself in a word or none: the application answers it
 * instead, so that it is told, logged and counted like everything else.
 */
import { type IncomingMessage, maxHeaderSize, STATUS_CODES } from "node:http";
import { RequestError } from "@hono/node-server";
import { Problem } from "../answers/problem.ts";
import type { Handler } from "../middleware/microcache.ts";
import { TUNNEL } from "./not-http.ts";

/** Nothing more is read of a connection on which something was refused. */
const CLOSE = { Connection: "close" };

/** How often a request names its host. */
function hostsOf({ rawHeaders }: IncomingMessage): number {
  let hosts = 0;
  for (let k = 0; k < rawHeaders.length; k += 2) {
    const name = rawHeaders[k] as string;
    if (name.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts;
}

/** What is wrong with a head that Node takes (RFC 9112, section 3.2; RFC 9110, section 10.1.1). */
export function faultIn(incoming: IncomingMessage): Problem | undefined {
  const { headers, httpVersion } = incoming;
  const hosts = hostsOf(incoming);
  if (hosts > 1) return new Problem("bad-parameter", "Host: it is given more than once", CLOSE);
  if (httpVersion !== "1.1") return undefined; // older ones have neither
  if (hosts === 0) return new Problem("bad-parameter", "Host: it is missing", CLOSE);
  if (headers.expect === undefined || /^100-continue$/i.test(headers.expect)) return undefined;
  return new Problem("expectation-failed", "Expect: 100-continue alone is met", CLOSE);
}

/** What is wrong where the adapter makes no request of a head, or has no answer to it. */
export function failureOf(error: unknown): Problem {
  if (error instanceof RequestError)
    return new Problem(
      "bad-parameter",
      "Host, or the address: it is not that of an address",
      CLOSE,
    );
  return new Problem("internal", "the log of the server has the reason", CLOSE, error);
}

/** What is wrong with bytes that are no request of HTTP, or with the last one. */
export function faultOf(error: NodeJS.ErrnoException & { reason?: string }): Problem {
  if (error.code === "HPE_HEADER_OVERFLOW")
    return new Problem("head-too-large", `send at most ${maxHeaderSize} bytes`, CLOSE);
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new Problem("head-too-slow", "send all of it at once", CLOSE);
  if (error.code === TUNNEL)
    return new Problem("method-not-allowed", "CONNECT: this server is no proxy", {
      ...CLOSE,
      Allow: "GET, HEAD",
    });
  return new Problem("bad-request", error.reason || "it is not HTTP/1.1", CLOSE);
}

/**
 * The application's answer to what never came to be a request.
 * @param asked how it began, where that is known
 */
export function refuse(
  fetch: Handler,
  refused: Problem,
  { method = "-", url = "*" }: Pick<IncomingMessage, "method" | "url"> = {},
): Response | Promise<Response> {
  const address = `http://localhost${url}`;
  const known = url.startsWith("/") && URL.canParse(address);
  const init = { method: method === "TRACE" ? "-" : method }; // that none can be made of
  return fetch(new Request(known ? address : "http://localhost/*", init), { refused });
}

/** An answer as HTTP/1.1 writes it. */
export async function textOf(response: Response): Promise<string> {
  const { status, headers } = response;
  const body = await response.text();
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...[...headers].map(([name, value]) => `${name}: ${value}`),
    `date: ${new Date().toUTCString()}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
