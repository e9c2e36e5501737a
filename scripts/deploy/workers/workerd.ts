/** The Worker in workerd, the runtime of Cloudflare Workers, on this machine. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { InputError } from "../../../src/datasets/storage.ts";

export interface RunningWorker {
  origin: string;
  pid: number;
  /** The port of V8's inspector, if that is on. */
  inspector: number | undefined;
  /** Resolves when the process has ended. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  /** What buildWorker wrote. */
  worker: string;
  /** What `rethink publish` wrote. */
  files: string;
  /** 0 takes a free one. */
  port: number;
  environment?: Record<string, string>;
  /** Whether V8's inspector listens, on a port that is free. */
  inspect?: boolean;
}

/** @throws InputError with what workerd printed, if it does not start. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { worker, files, port, environment, inspect } = options;
  const require = createRequire(import.meta.url);
  const { default: program } = require("workerd") as { default: string };
  const child = spawn(
    program,
    [
      "serve",
      join(worker, "workerd.capnp"),
      `--socket-addr=http=127.0.0.1:${port}`,
      `--directory-path=origin=${files}`,
      "--control-fd=3",
      ...(inspect ? ["--inspector-addr=127.0.0.1:0"] : []),
    ],
    { env: { ...process.env, ...environment }, stdio: ["ignore", "inherit", "pipe", "pipe"] },
  );
  let printed = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    printed = (printed + text).slice(-4000);
    process.stderr.write(text);
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const listening = new Promise<Record<string, number>>((resolve, reject) => {
    const ports: Record<string, number> = {};
    const lines = createInterface(child.stdio[3] as Readable);
    lines.on("line", (line) => {
      const { event, port } = JSON.parse(line) as { event: string; port: number };
      ports[event] = port;
      if (event === "listen") resolve(ports); // the last one
    });
    child.on("error", reject);
    void ended.then(() => reject(new InputError(`workerd did not start: ${printed.trim()}`)));
  });
  const { listen, "listen-inspector": inspector } = await listening;
  return {
    origin: `http://127.0.0.1:${listen}`,
    inspector,
    pid: child.pid as number,
    ended,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
