/** What one client's connections do to a server, done to it: it stays small, and answers the others. */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { get, open } from "../../../scripts/raw-http.ts";
import { publishedIds } from "../../../src/evaluation/published.ts";
import { project } from "../../../src/local/project.ts";
import { type RunningServer, startServer } from "../server.ts";

const PLATFORMS = ["node", "deno"] as const;

/** What a connection reads until it ends, or the time is up. */
async function readAll(socket: Socket, seconds = 20): Promise<string> {
  let text = "";
  await new Promise<void>((resolve) => {
    const late = setTimeout(resolve, seconds * 1000);
    socket.on("close", () => {
      clearTimeout(late);
      resolve();
    });
    socket.on("data", (part) => {
      text += part.toString("latin1");
    });
    socket.resume();
  });
  socket.destroy();
  return text;
}

/** Memory of a process in MB, where the system tells. */
function memoryOf({ pid }: RunningServer): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  } catch {
    return 0;
  }
}

async function isLive({ origin }: RunningServer): Promise<boolean> {
  return (await fetch(`${origin}/livez`)).status === 200;
}

/** Does something to a server that it survives, without growing by more than that. */
async function withServer(
  platform: (typeof PLATFORMS)[number],
  environment: Record<string, string>,
  megabytes: number,
  deed: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const server = await startServer(platform, environment);
  try {
    await isLive(server);
    const before = memoryOf(server);
    await deed(server);
    assert.ok(await isLive(server));
    const grown = memoryOf(server) - before;
    assert.ok(grown < megabytes, `it has grown by ${grown} MB`);
  } finally {
    await server.end();
  }
}

/** 60,000 requests on three connections that read nothing. */
async function askWithoutReading(server: RunningServer): Promise<void> {
  const requests = get("/v1/checkpoints/mlp-1x512.true").repeat(20_000);
  const sockets = [1, 2, 3].map(() => open(server.origin, requests));
  for (let k = 0; k < 6; k++) {
    await sleep(250);
    assert.ok(await isLive(server));
  }
  for (const socket of sockets) socket.destroy();
}

async function askAtOnce(server: RunningServer): Promise<void> {
  const paths = Array.from({ length: 300 }, (_, k) => (k % 3 ? "/livez" : `/nothing/${k}`));
  const requests = paths.map((path) => get(path)).join("");
  const socket = open(server.origin, requests + get("/v2", "Connection: close"));
  const text = await readAll(socket);
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  assert.equal(statuses, [...paths.map((path) => (path === "/livez" ? "200" : "404")), "200"]);
}

async function nameTwoHosts(server: RunningServer): Promise<void> {
  for (const path of ["/livez", "/v1/checkpoints/mlp-1x512.true/evaluations/test?end=1"]) {
    const socket = open(server.origin, get(path, "Host: y", "Connection: close"));
    assert.match(await readAll(socket), /^HTTP\/1\.1 400 /);
  }
}

/** A body of up to 32 MB of a request that needs none. */
async function sendWithoutEnd(server: RunningServer): Promise<void> {
  const socket = open(server.origin, get("/livez", "Transfer-Encoding: chunked"));
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  let sent = 0;
  const timer = setInterval(() => {
    while (!socket.destroyed && !socket.writableNeedDrain && sent < 500) {
      socket.write(chunk);
      sent++;
    }
  }, 5);
  const text = await readAll(socket, 5);
  clearInterval(timer);
  assert.match(text, /^(HTTP\/1\.1 (200|4..) |$)/);
  assert.ok(sent < 500, `${sent} chunks of 64 kB`);
}

for (const platform of PLATFORMS) {
  test(`${platform}: a connection holds one request, a request one host, and no body more than is wanted`, async () => {
    await withServer(platform, {}, 250, async (server) => {
      await askWithoutReading(server);
      await askAtOnce(server);
      await nameTwoHosts(server);
      if (platform === "node") await sendWithoutEnd(server); // Deno reads on: a proxy's task
    });
  });
}

test("node: readers that stall share what is sent to them, and are cut off", async () => {
  await withServer("node", { RETHINK_STALLED: "2" }, 700, async (server) => {
    const ids = (await publishedIds(project)).slice(0, 8);
    const sockets = Array.from({ length: 120 }, (_, k) =>
      open(server.origin, get(`/v1/checkpoints/${ids[k % ids.length]}/archive.zip`)),
    );
    // Not before they have been cut off would they see it: they do not read.
    const ends = sockets.map(async (socket) => {
      await sleep(4000);
      await readAll(socket);
    });
    await Promise.all(ends);
    assert.ok(await isLive(server));
  });
});

test("node: more connections than there may be are closed, the others served", async () => {
  await withServer("node", { RETHINK_CONNECTIONS: "5" }, 250, async (server) => {
    const sockets = [1, 2, 3, 4, 5, 6, 7].map(() => open(server.origin, ""));
    await sleep(300);
    const more = open(server.origin, get("/livez", "Connection: close"));
    assert.is(await readAll(more), "");
    for (const socket of sockets) socket.destroy();
    await sleep(300);
  });
});

for (const platform of PLATFORMS) {
  test(`${platform}: on SIGTERM a slow download is written to its end`, async () => {
    const server = await startServer(platform);
    const [id] = (await publishedIds(project)).slice(-1);
    const socket = open(server.origin, get(`/v1/checkpoints/${id}/archive.zip`));
    const whole = (
      await (await fetch(`${server.origin}/v1/checkpoints/${id}/archive.zip`)).arrayBuffer()
    ).byteLength;
    await sleep(300);
    const ended = server.end();
    await sleep(1000);
    const text = await readAll(socket);
    const [head = ""] = text.split("\r\n\r\n", 1);
    assert.match(head, /^HTTP\/1\.1 200 /);
    assert.is(text.length - head.length - 4, whole);
    assert.is(await ended, 0);
  });
}

test.run();
