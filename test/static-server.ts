/** A server of static files with ranges, as any file server answers them; a test may spoil its answers. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Storage } from "../src/datasets/storage.ts";

export interface StaticServer {
  origin: string;
  /** Answers in the files' place, where it returns true. */
  instead: (path: string, request: IncomingMessage, response: ServerResponse) => boolean;
  /** Paths that were asked for, with what method. */
  asked: string[];
  close(): void;
}

/** @param storageOf which storage has a path */
export async function serveStatic(storageOf: (path: string) => Storage): Promise<StaticServer> {
  const server: StaticServer = {
    origin: "",
    instead: () => false,
    asked: [],
    close() {
      http.closeAllConnections();
      http.close();
    },
  };
  const http = createServer(async (request, response) => {
    const path = (request.url ?? "").slice(1);
    server.asked.push(`${request.method} ${path}`);
    if (server.instead(path, request, response)) return;
    const storage = storageOf(path);
    const version = await storage.version(path);
    if (version === undefined) response.writeHead(404).end();
    else if (request.method === "HEAD") {
      response.writeHead(200, { ETag: `"${version}"` }).end(); // a length is not told by every server
    } else {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
      if (from === undefined) response.end(await storage.read(path));
      else {
        response.writeHead(206, { "Content-Range": `bytes ${from}-${to}/*` });
        response.end(await storage.read(path, Number(from), Number(to) + 1));
      }
    }
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  server.origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return server;
}
