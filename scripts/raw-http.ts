/** HTTP/1.1 as a client without manners speaks it: on a connection that it need not read. */
import { connect, type Socket } from "node:net";

/**
 * A connection to an address that has sent something, and reads when it is told to.
 * @param from another address of this machine's than the usual one
 */
export function open(address: string, text: string | Buffer, from?: string): Socket {
  const { hostname: host, port } = new URL(address);
  const socket = connect({ host, port: Number(port), ...(from && { localAddress: from }) });
  socket.on("error", () => {}); // it is cut off
  socket.write(text);
  return socket.pause();
}

/** The text of a GET. */
export function get(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, "Host: x", ...headers, "", ""].join("\r\n");
}
