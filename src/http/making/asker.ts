/** Who asks, as far as the platform tells: what one client takes is not there for the others. */
import type { Context } from "hono";

/** What a platform tells of a request beside itself. */
export interface Asking {
  /** The address that the connection comes from. */
  client?: string;
}

const clients = new WeakMap<AbortSignal, string>();

export function clientOf(c: Context): string | undefined {
  return (c.env as Asking | undefined)?.client;
}

/** Says whose work a signal ends. */
export function setAsker(signal: AbortSignal, c: Context): void {
  const client = clientOf(c);
  if (client !== undefined) clients.set(signal, client);
}

/** Says that a signal ends work that was begun for whom another is. */
export function passAsker(signal: AbortSignal, from: AbortSignal): void {
  const client = clients.get(from);
  if (client !== undefined) clients.set(signal, client);
}

/** The client whose work the signal ends; where that is not known, each is one of its own. */
export function askerOf(signal: AbortSignal): unknown {
  return clients.get(signal) ?? signal;
}
