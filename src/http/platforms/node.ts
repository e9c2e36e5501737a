/** The endpoint under Node. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, type Http2Bindings, type HttpBindings } from "@hono/node-server";
import { InputError } from "../../datasets/storage.ts";
import { createFetch } from "../app.ts";
import { clientAddress } from "./client-address.ts";
import { connectionsOf } from "./connections.ts";
import { announce, openLocal } from "./local.ts";
import { failureOf, faultIn, faultOf, refuse, textOf } from "./refusals.ts";
import type { Service } from "../service.ts";
import type { Settings } from "../settings.ts";

/** Milliseconds in which a request must begin and its head be there, and how often that is seen to. */
const TIMES = { headersTimeout: 20_000, connectionsCheckingInterval: 5000 };

/**
 * A server of the application, and its connections.
 * @param times how long Node waits for a head
 */
export function serverOf(
  service: Service,
  settings: Pick<Settings, "host" | "proxies" | "connections">,
  times = TIMES,
) {
  const { host: hostname } = settings;
  const fetch = createFetch(service);
  const answer = (request: Request, bindings: HttpBindings | Http2Bindings) => {
    const incoming = bindings.incoming as IncomingMessage;
    const asking = clientAddress(incoming.socket?.remoteAddress, request.headers, settings);
    const refused = faultIn(incoming);
    return fetch(request, refused ? { ...asking, refused } : asking);
  };
  let asked: IncomingMessage | undefined; // what no request can be made of fails at once
  const errorHandler = (error: unknown) => refuse(fetch, failureOf(error), asked);
  const respond = getRequestListener(answer, { hostname, errorHandler });
  const connections = connectionsOf(
    settings.connections,
    async (error) => await textOf(await refuse(fetch, faultOf(error))),
  );
  const listener = connections.inTurn((incoming, outgoing) => {
    asked = incoming;
    void respond(incoming, outgoing);
    asked = undefined;
  });
  const server = createServer({ ...times, requireHostHeader: false }, listener);
  server.on("checkExpectation", listener);
  connections.watch(server);
  return { server, connections };
}

/** Serves until SIGTERM or SIGINT, then finishes the running answers; a second signal ends it. */
export async function start(settings: Settings): Promise<void> {
  const service = await openLocal(settings);
  const { host: hostname, port } = settings;
  await new Promise<void>((resolve, reject) => {
    const { server, connections } = serverOf(service, settings);
    server.listen(port, hostname, () => announce(hostname, (server.address() as AddressInfo).port));
    server.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        new InputError(`cannot listen on ${hostname}:${port} (${error.code}); set RETHINK_PORT`),
      );
    });
    const end = () => {
      if (service.closing) process.exit(1);
      service.closing = true;
      connections.drain(server, settings.limits.seconds).then(resolve, reject);
    };
    process.on("SIGTERM", end).on("SIGINT", end);
  }).finally(service.stop);
}
