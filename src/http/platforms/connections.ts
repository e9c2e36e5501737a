/** What each connection of a server under Node may hold, and how it ends. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { Server as NetServer, Socket } from "node:net";
import { clientAt } from "./client-address.ts";
import { type Answering, refuseRest, TUNNEL } from "./not-http.ts";
import { mayBeLong, readRest } from "./rest-of-body.ts";
import { hasStalled, type Sending } from "./unsent.ts";

export interface ConnectionLimits {
  /** Connections at once; of whoever has most, one goes for whoever comes and has fewer. */
  most: number;
  /** Seconds after which a client is cut off that reads nothing of what is being sent to it. */
  stalled: number;
}

/** Requests that have arrived and wait for those before them on their connections, in all. */
const WAITING = 10_000;

interface Connection extends Answering, Sending {
  /** The client, or a proxy. */
  client: string;
  waiting: [IncomingMessage, ServerResponse][];
}

/**
 * Keeps count of a server's connections.
 * @param refusal the text that answers what is no HTTP
 */
export function connectionsOf(
  limits: ConnectionLimits,
  refusal: (error: Error) => Promise<string>,
) {
  const connections = new Map<Socket, Connection>();
  const held = new Map<string, number>(); // connections by client
  let waiting = 0;
  let closing = false;

  function add(socket: Socket): void {
    const client = clientAt(socket.remoteAddress ?? "");
    connections.set(socket, {
      client,
      answering: false,
      waiting: [],
      broken: false,
      unsent: 0,
      since: 0,
    });
    held.set(client, (held.get(client) ?? 0) + 1);
  }

  function drop(socket: Socket): void {
    const connection = connections.get(socket);
    if (!connection) return;
    const { client, waiting: queue } = connection;
    waiting -= queue.length;
    connections.delete(socket);
    const rest = (held.get(client) ?? 0) - 1;
    if (rest > 0) held.set(client, rest);
    else held.delete(client);
  }

  /** Ends the one that has just come, or one of a client that has more: an idle one, if there is. */
  function cutOne(newest: Socket): void {
    const own = held.get(connections.get(newest)?.client ?? "") ?? 0;
    const [[client, most] = ["", 0]] = [...held].sort(([, a], [, b]) => b - a);
    const theirs = most > own ? [...connections].filter(([, one]) => one.client === client) : [];
    const [socket] = theirs.find(([one, of]) => isIdle(one, of)) ?? theirs[0] ?? [newest];
    drop(socket);
    socket.destroy();
  }

  /** Ends the connection that has most requests waiting: others' are not to be its concern. */
  function cutLongest(): void {
    const all = [...connections].sort(([, a], [, b]) => b.waiting.length - a.waiting.length);
    const [socket] = all[0] ?? [];
    if (!socket) return;
    drop(socket);
    socket.destroy();
  }

  function isIdle(socket: Socket, { answering, waiting: queue }: Connection): boolean {
    return !answering && queue.length === 0 && socket.writableLength === 0;
  }

  /**
   * One request of a connection is answered at a time, in order; those that come meanwhile wait,
   * and no more is read. What has been read at once may be some thousand.
   */
  function inTurn(listener: RequestListener): RequestListener {
    function begin(
      connection: Connection,
      incoming: IncomingMessage,
      response: ServerResponse,
    ): void {
      const { socket } = incoming;
      if (!socket.writable) return;
      connection.answering = true;
      function following(): void {
        const next = connection.waiting.shift();
        connection.answering = next !== undefined || connection.refuse !== undefined;
        if (!next) return void connection.refuse?.();
        waiting--;
        if (connection.waiting.length > 0) socket.pause();
        else socket.resume();
        setImmediate(() => begin(connection, ...next)); // others are answered between
      }
      response.once("close", () => {
        if (socket.writable) readRest(incoming, following);
      });
      const { writeHead } = response;
      response.writeHead = (...head: [number]) => {
        const cut = connection.broken && !incoming.complete;
        if (closing || cut || mayBeLong(incoming)) response.setHeader("Connection", "close");
        return writeHead.apply(response, head);
      };
      // Node would end it at once: the rest of a body would reset it, and the answer be lost (RFC 9112, section 9.6).
      socket.destroySoon = () => {
        socket.end();
        readRest(incoming, () => Socket.prototype.destroySoon.call(socket));
      };
      listener(incoming, response);
    }
    return (incoming, response) => {
      const { socket } = incoming;
      const connection = connections.get(socket);
      if (!connection) return void socket.destroy();
      connection.latest = incoming;
      if (!connection.answering) return begin(connection, incoming, response);
      connection.waiting.push([incoming, response]);
      socket.pause();
      if (++waiting > WAITING) cutLongest();
    };
  }

  function watch(server: Server): void {
    server.on("connection", (socket) => {
      add(socket);
      socket.once("close", () => drop(socket));
      if (connections.size > limits.most) cutOne(socket);
    });
    server.on("clientError", (error, stream) => {
      const socket = stream as Socket;
      refuseRest(error, socket, connections.get(socket), refusal);
    });
    server.on("connect", (_, stream) => {
      // Node would cut it without an answer
      const socket = stream as Socket;
      const error = Object.assign(new Error("a tunnel"), { code: TUNNEL });
      refuseRest(error, socket, connections.get(socket), refusal);
    });
    const cutStalled = () => {
      for (const [socket, connection] of connections)
        if (hasStalled(socket, connection, limits.stalled)) socket.destroy();
    };
    setInterval(cutStalled, Math.min(5000, limits.stalled * 250)).unref();
  }

  /**
   * Takes no more connections and closes each when nothing is left to be written to it; all of
   * them after some seconds. Node's own close would cut answers that are still being sent.
   */
  async function drain(server: Server, seconds: number): Promise<void> {
    closing = true;
    const closed = new Promise<void>((resolve) => {
      NetServer.prototype.close.call(server, () => resolve());
    });
    const close = (which: (socket: Socket, connection: Connection) => boolean) => {
      for (const [socket, connection] of connections) {
        if (which(socket, connection)) socket.destroy();
      }
    };
    close(isIdle);
    const idle = setInterval(() => close(isIdle), 100);
    const late = setTimeout(() => close(() => true), seconds * 1000);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
  }

  return { inTurn, watch, drain };
}
