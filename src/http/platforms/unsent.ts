/** Whether who is sent something takes it. */
import type { Socket } from "node:net";

/** What was still to be sent when that last changed, and when. */
export interface Sending {
  unsent: number;
  since: number;
}

/** Bytes that the client has yet to take; within one write only the handle knows. */
function unsentOf(socket: Socket): number {
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null };
  return socket.writableLength > 0 ? Math.max(1, handle?.writeQueueSize ?? 0) : 0;
}

/**
 * Whether the client has taken nothing for so long; asked again and again.
 * @param sending what was seen the last time, which is kept up to date
 */
export function hasStalled(socket: Socket, sending: Sending, seconds: number): boolean {
  const now = performance.now();
  const unsent = unsentOf(socket);
  if (unsent === sending.unsent) return unsent > 0 && now - sending.since > seconds * 1000;
  Object.assign(sending, { unsent, since: now });
  return false;
}
