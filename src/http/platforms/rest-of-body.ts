/** What is still to come that nobody wants: some of it is read, the rest ends the connection. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** How long, and how much, is read that nobody wants, for the answer to arrive and the next request to follow. */
const LINGER = { milliseconds: 1000, bytes: 2 ** 20 };

/** Whether so much of a body may be still to come that not all of it is read if nobody wants it. */
export function mayBeLong({ complete, headers }: IncomingMessage): boolean {
  const { "content-length": length = 0, "transfer-encoding": coding } = headers;
  return !complete && (coding !== undefined || Number(length) > LINGER.bytes);
}

/** Ends a connection on which more comes, or for longer; gives what lifts that. */
function bound(socket: Socket): () => void {
  const most = socket.bytesRead + LINGER.bytes;
  const late = setTimeout(() => socket.destroy(), LINGER.milliseconds).unref();
  const count = () => {
    if (socket.bytesRead > most) socket.destroy();
  };
  socket.on("data", count);
  return () => {
    clearTimeout(late);
    socket.off("data", count);
  };
}

/** Reads the rest of a body before what comes next; one too long or too slow ends the connection. */
export function readRest(incoming: IncomingMessage, next: () => void): void {
  if (incoming.complete) {
    next();
    return;
  }
  const lift = bound(incoming.socket);
  incoming.once("end", () => {
    lift();
    next();
  });
  incoming.resume();
}

/** Ends a connection with a text, and reads on: what is not read at its end would reset it, and the text be lost. */
export function endWith(socket: Socket, text: string): void {
  bound(socket);
  socket.end(text);
  socket.resume();
}
