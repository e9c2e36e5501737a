/** The endpoint under Node. */
import { createServer, type RequestListener, type Server, type ServerOptions } from "node:http";
import { type Http2Bindings, type HttpBindings, serve } from "@hono/node-server";
import { InputError } from "../../datasets/storage.ts";
import { createFetch } from "../app.ts";
import { clientAddress } from "./client-address.ts";
import { connectionsOf } from "./connections.ts";
import { announce, openLocal } from "./local.ts";
import type { Settings } from "../settings.ts";

/** Milliseconds in which a request must begin and its head be there, and how often that is seen to. */
const TIMES = { headersTimeout: 20_000, connectionsCheckingInterval: 5000 };

/** Serves until SIGTERM or SIGINT, then finishes the running answers; a second signal ends it. */
export async function start(settings: Settings): Promise<void> {
  const service = await openLocal(settings);
  const { host: hostname, port } = settings;
  await new Promise<void>((resolve, reject) => {
    const fetch = createFetch(service);
    const answer = (request: Request, { incoming }: HttpBindings | Http2Bindings) =>
      fetch(request, clientAddress(incoming.socket?.remoteAddress, request.headers, settings));
    const connections = connectionsOf(settings.connections);
    const create = (options: ServerOptions, listener: RequestListener) =>
      createServer({ ...options, ...TIMES }, connections.inTurn(listener));
    const server = serve(
      { fetch: answer, hostname, port, createServer: create as typeof createServer },
      (address) => announce(hostname, address.port),
    ) as Server;
    connections.watch(server);
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
