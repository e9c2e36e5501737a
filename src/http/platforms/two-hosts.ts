/** A request that names two hosts, which Node takes and no one may answer (RFC 9112, section 3.2). */
import type { IncomingMessage, ServerResponse } from "node:http";
import { PROBLEMS } from "../answers/problem.ts";

export function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let k = 0; k < rawHeaders.length; k += 2) {
    const name = rawHeaders[k] as string;
    if (name.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts > 1;
}

export function refuseTwoHosts(response: ServerResponse): void {
  const { status, title } = PROBLEMS["bad-parameter"];
  const about = { type: "/problems/bad-parameter", title, status };
  response
    .writeHead(status, { "Content-Type": "application/problem+json", Connection: "close" })
    .end(JSON.stringify({ ...about, detail: "Host: it is given more than once" }));
}
