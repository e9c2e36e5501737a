/** What comes on a connection and is no HTTP: whose concern it is, and how it is answered. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { endWith } from "./rest-of-body.ts";

/** The code of what asks for a tunnel (CONNECT), after which no more HTTP would come. */
export const TUNNEL = "TUNNEL";

/** How far a connection's answers are. */
export interface Answering {
  answering: boolean;
  /** The last request that has come. */
  latest?: IncomingMessage;
  /** Something came that is no HTTP. */
  broken: boolean;
  /** Refuses that, when everything before it is answered. */
  refuse?: () => void;
}

/** Ends a body that is not what it says for who reads it, and not the connection with it, as Node would. */
function failBody(incoming: IncomingMessage, error: Error): void {
  const fail = () => void incoming.destroy(error);
  incoming._destroy = (reason, done) => done(reason);
  incoming.on("error", () => {});
  if (incoming.readableFlowing !== null) fail();
  else incoming._read = fail; // who is yet to read it would take what is destroyed for empty
}

/**
 * What came is no HTTP. In a body that is its request's concern; else it is refused in its turn,
 * and the connection ends. Who says nothing at all asks for nothing.
 * @param refusal the text that answers it
 */
export function refuseRest(
  error: NodeJS.ErrnoException,
  socket: Socket,
  connection: Answering | undefined,
  refusal: (error: Error) => Promise<string>,
): void {
  if (!connection || !socket.writable || socket.bytesRead === 0) return void socket.destroy();
  const { latest, broken, answering } = connection;
  connection.broken = true;
  if (broken) return; // nor is what still comes
  if (latest?.complete === false) {
    if (error.code === "HPE_INVALID_EOF_STATE")
      socket.destroy(); // its client has left
    else failBody(latest, error);
    return;
  }
  connection.refuse = () => {
    refusal(error).then(
      (text) => endWith(socket, text),
      () => socket.destroy(),
    );
  };
  if (!answering) {
    connection.answering = true;
    connection.refuse();
  }
}
