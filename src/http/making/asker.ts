/** Who asks, as far as the platform tells: what one client takes is not there for the others. */
import type { Context } from "hono";
import type { Problem } from "../answers/problem.ts";

/** What a platform tells of a request beside itself. */
export interface Asking {
  /** Whose connection it is, by its address. */
  client?: string;
  /** Why nobody may answer it, where the platform has found that. */
  refused?: Problem;
  /** Lets work go on that was begun for the request, where a platform ends all of it with the request. */
  waitUntil?(work: Promise<unknown>): void;
}

const askings = new WeakMap<AbortSignal, Asking>();

function askingOf(c: Context): Asking {
  return (c.env as Asking | undefined) ?? {};
}

export function clientOf(c: Context): string | undefined {
  return askingOf(c).client;
}

export function refusedOf(c: Context): Problem | undefined {
  return askingOf(c).refused;
}

/** Says whose work a signal ends. */
export function setAsker(signal: AbortSignal, c: Context): void {
  askings.set(signal, askingOf(c));
}

/** Says that a signal ends work that was begun for whom another is. */
export function passAsker(signal: AbortSignal, from: AbortSignal): void {
  const asking = askings.get(from);
  if (asking) askings.set(signal, asking);
}

/** The client whose work the signal ends; where that is not known, each is one of its own. */
export function askerOf(signal: AbortSignal): unknown {
  return askings.get(signal)?.client ?? signal;
}

/** Work that a signal ends goes on until then, whatever becomes of the request. */
export function keepGoing(signal: AbortSignal, work: Promise<unknown>): void {
  askings.get(signal)?.waitUntil?.(work.catch(() => {})); // told to who asked
}
