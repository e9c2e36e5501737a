/** Redis or Valkey by its address, in which TLS, user, password and database are said. */
import type { ConnectionOptions } from "bullmq";
import { Redis } from "ioredis";
import { nameOf } from "../datasets/address.ts";
import { InputError } from "../datasets/storage.ts";
import { printError } from "../print.ts";

/** What every queue and worker of a run shares. */
export interface Connection {
  options: ConnectionOptions;
  /** With user and password. */
  address: string;
  /** The address for people, without user and password. */
  name: string;
}

/** Keys of ours in a Redis that others use, too. */
export const PREFIX = "rethink";

const SCHEMES: Record<string, string> = { "valkey:": "redis:", "valkeys:": "rediss:" };
const SECONDS = 10;

/** The address as its client reads it; Valkey has schemes of its own. */
function addressOf(url: URL): string {
  return url.href.replace(/^[a-z]+:/, (scheme) => SCHEMES[scheme] ?? scheme);
}

function reasonOf(error: Error): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (/WRONGPASS|NOAUTH|invalid password|without any password/.test(message))
    return `it refuses the user or the password in the address: ${message}`;
  if (/RESP type/.test(message)) return "what answers there is no Redis";
  if (/NOPERM/.test(message)) return `its user may not do what a queue needs: ${message}`;
  return code && !message.includes(code) ? `${message} (${code})` : message || `${code}`;
}

/**
 * Asks once whether a queue answers there, before anything waits for it.
 * @throws InputError that says why it does not
 */
export async function connect(url: URL): Promise<Connection> {
  const name = nameOf(url);
  const address = addressOf(url);
  const client = new Redis(address, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: SECONDS * 1000,
  });
  let first: Error | undefined; // what follows it is that the connection is closed
  client.on("error", (error: Error) => {
    first ??= error;
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no answer in ${SECONDS} s; does it speak TLS (rediss:) or not?`);
    timer = setTimeout(() => reject(error), SECONDS * 1000);
  });
  try {
    await Promise.race([client.connect().then(() => client.ping()), late]);
  } catch (error) {
    throw new InputError(
      `cannot reach the queue at ${name}: ${reasonOf(first ?? (error as Error))}`,
    );
  } finally {
    clearTimeout(timer);
    client.disconnect();
  }
  const retryStrategy = (times: number) => Math.min(times * 100, 2000);
  return { name, address, options: { url: address, retryStrategy, maxRetriesPerRequest: null } };
}

/** Whether an error says that the connection is gone, which mends itself. */
export function isLoss({ code, message }: NodeJS.ErrnoException): boolean {
  return /^(E[A-Z]+)$/.test(code ?? "") || /Connection is closed|Socket closed/.test(message);
}

/** Says once that the queue is lost, and once that it is back: work waits for it meanwhile. */
export function watch(
  { name }: Pick<Connection, "name">,
  say: (line: string) => void = printError,
): { lost(error: Error): void; back(): void } {
  let gone = false;
  return {
    lost(error) {
      if (gone) return;
      gone = true;
      say(`the queue at ${name} is lost (${reasonOf(error)}); waiting for it`);
    },
    back() {
      if (gone) say(`the queue at ${name} is back`);
      gone = false;
    },
  };
}
