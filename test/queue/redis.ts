/** A real Redis for tests, on a free port, with its append-only file in a folder of its own. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import { type Connection, connect } from "../../src/queue/connection.ts";

/** Why these tests cannot run here; undefined where they can. */
export const UNAVAILABLE =
  "Deno" in globalThis
    ? "a queue: it is tested under Node"
    : spawnSync("redis-server", ["--version"]).status === 0
      ? undefined
      : "a queue: redis-server is not installed";

export interface Redis {
  url: URL;
  folder: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, from its append-only file. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** @param settings of redis-server, after its port and folder; PORT stands for a free port */
export async function startRedis(settings: string[] = [], scheme = "redis"): Promise<Redis> {
  const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), "rethink-redis-"))];
  const own = settings.map((setting) => setting.replace("PORT", `${port}`));
  const plain = own.includes("--tls-port") ? "0" : `${port}`;
  let child: ReturnType<typeof spawn> | undefined;

  async function start(): Promise<void> {
    const args = ["--port", plain, "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
    child = spawn("redis-server", [...args, "--appendonly", "yes", ...own], { stdio: "pipe" });
    let log = "";
    child.stdout?.on("data", (text) => {
      log += text;
    });
    for (let tries = 0; !log.includes("Ready to accept connections"); tries++) {
      if (tries > 300 || child.exitCode !== null) throw new Error(`redis-server: ${log}`);
      await sleep(50);
    }
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
  await start();
  return {
    url: new URL(`${scheme}://127.0.0.1:${port}`),
    folder,
    kill: () => end("SIGKILL"),
    start,
    async stop() {
      await end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface OnRedis {
  redis: Redis;
  connection: Connection;
}

/** Tests with a server of their own, and a connection to it. */
export function suiteOnRedis(name: string) {
  const test = suite<OnRedis>(name, {} as OnRedis);
  test.before(async (context) => {
    context.redis = await startRedis();
    context.connection = await connect(context.redis.url);
  });
  test.after(async ({ redis }) => await redis.stop());
  return test;
}
