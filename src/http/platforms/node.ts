/** The endpoint under Node. */
import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { InputError } from "../../datasets/storage.ts";
import { createFetch } from "../app.ts";
import { announce, openLocal } from "./local.ts";
import type { Settings } from "../settings.ts";

/**
 * Closes connections as they become idle, so that what is being answered is answered, and
 * all of them after the time that an answer may take: a client may have stopped to read.
 */
async function drain(server: Server, seconds: number): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  const late = setTimeout(() => server.closeAllConnections(), seconds * 1000);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(idle);
  clearTimeout(late);
}

/** Serves until SIGTERM or SIGINT, then finishes the running answers; a second signal ends it. */
export async function start(settings: Settings): Promise<void> {
  const service = await openLocal(settings);
  const { host: hostname, port } = settings;
  await new Promise<void>((resolve, reject) => {
    const fetch = createFetch(service);
    const server = serve({ fetch, hostname, port }, (address) => announce(hostname, address.port));
    server.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        new InputError(`cannot listen on ${hostname}:${port} (${error.code}); set RETHINK_PORT`),
      );
    });
    const end = () => {
      if (service.closing) process.exit(1);
      service.closing = true;
      drain(server as Server, settings.limits.seconds).then(resolve, reject);
    };
    process.on("SIGTERM", end).on("SIGINT", end);
  }).finally(service.stop);
}
