/** The endpoint under Deno: for `deno task start`, and as it is for `deno serve`. */
import { InputError } from "../../datasets/storage.ts";
import { createFetch } from "../app.ts";
import { clientAddress } from "./client-address.ts";
import { withoutLength } from "./lengthless.ts";
import { announce, openLocal } from "./local.ts";
import { readSettings } from "../settings.ts";
import { cutStalled } from "./stalled.ts";

interface Connection {
  remoteAddr: { hostname?: string };
}

/** What is used here of Deno, whose types Node's compiler does not have. */
interface DenoApi {
  env: { toObject(): Record<string, string> };
  serve(
    options: {
      hostname: string;
      port: number;
      signal: AbortSignal;
      onListen(address: { port: number }): void;
    },
    handler: (request: Request, connection: Connection) => Response | Promise<Response>,
  ): { finished: Promise<void>; shutdown(): Promise<void> };
  addSignalListener(signal: "SIGTERM" | "SIGINT", listener: () => void): void;
  removeSignalListener(signal: "SIGTERM" | "SIGINT", listener: () => void): void;
  mainModule: string;
  exit(code: number): never;
}

const deno = (globalThis as unknown as { Deno: DenoApi }).Deno;
const SIGNALS = ["SIGTERM", "SIGINT"] as const;
const settings = readSettings(deno.env.toObject());
const service = await openLocal(settings);
const answer = createFetch(service);
async function handler(request: Request, connection?: Connection): Promise<Response> {
  const asking = clientAddress(connection?.remoteAddr.hostname, request.headers, settings);
  const response = cutStalled(await answer(request, asking), settings.connections.stalled);
  return withoutLength(request.method, response);
}

/**
 * Serves until SIGTERM or SIGINT, then finishes the running answers; a second signal ends it,
 * and so does the time that an answer may take: a client may have stopped to read.
 */
export async function start(): Promise<void> {
  const { host: hostname, port, limits } = settings;
  const late = new AbortController();
  const onListen = (address: { port: number }) => announce(hostname, address.port);
  try {
    const server = deno.serve({ hostname, port, onListen, signal: late.signal }, handler);
    const end = () => {
      if (service.closing) deno.exit(1);
      service.closing = true;
      void server.shutdown();
      setTimeout(() => late.abort(), limits.seconds * 1000);
    };
    deno.addSignalListener("SIGTERM", end);
    deno.addSignalListener("SIGINT", end);
    await server.finished;
  } catch (error) {
    const reason = error instanceof Error ? error.name : String(error);
    throw new InputError(`cannot listen on ${hostname}:${port} (${reason}); set RETHINK_PORT`);
  } finally {
    service.stop();
  }
  deno.exit(0); // listeners of signals would keep it alive
}

/** `deno serve` finishes the running answers, but would wait for our threads for ever. */
async function endUnderServe(): Promise<void> {
  for (const signal of SIGNALS) deno.removeSignalListener(signal, endUnderServe);
  service.closing = true;
  while (service.limiter.taken() > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  service.stop();
}

if (deno.mainModule === import.meta.url) {
  for (const signal of SIGNALS) deno.addSignalListener(signal, endUnderServe);
}

export default { fetch: handler };
