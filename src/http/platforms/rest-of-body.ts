/** What is still to come of a body that nobody wants: some of it is read, the rest ends the connection. */
import type { IncomingMessage } from "node:http";

/** How long, and how much, is read of a body that nobody wants, for the answer to arrive and the next request to follow. */
const LINGER = { milliseconds: 1000, bytes: 2 ** 20 };

/** Whether so much of a body may be still to come that not all of it is read if nobody wants it. */
export function mayBeLong({ complete, headers }: IncomingMessage): boolean {
  const { "content-length": length = 0, "transfer-encoding": coding } = headers;
  return !complete && (coding !== undefined || Number(length) > LINGER.bytes);
}

/** Reads the rest of a body before what comes next; one too long or too slow ends the connection. */
export function readRest(incoming: IncomingMessage, next: () => void): void {
  if (incoming.complete) {
    next();
    return;
  }
  const { socket } = incoming;
  const most = socket.bytesRead + LINGER.bytes;
  const late = setTimeout(() => socket.destroy(), LINGER.milliseconds).unref();
  const count = () => {
    if (socket.bytesRead > most) socket.destroy();
  };
  socket.on("data", count);
  incoming.once("end", () => {
    clearTimeout(late);
    socket.off("data", count);
    next();
  });
  incoming.resume();
}
