/** The Worker in workerd, the runtime of Cloudflare Workers, on this machine. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { InputError } from "../../../src/datasets/storage.ts";

export interface RunningWorker {
  origin: string;
  pid: number;
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
}

/** @throws InputError with what workerd printed, if it does not start. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { worker, files, port, environment } = options;
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
    ],
    { env: { ...process.env, ...environment }, stdio: ["ignore", "inherit", "pipe", "pipe"] },
  );
  let printed = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    printed = (printed + text).slice(-4000);
    process.stderr.write(text);
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const listening = new Promise<number>((resolve, reject) => {
    (child.stdio[3] as Readable).setEncoding("utf8").on("data", (text: string) => {
      const found = /"event":"listen".*"port":(\d+)/.exec(text)?.[1];
      if (found) resolve(Number(found));
    });
    child.on("error", reject);
    void ended.then(() => reject(new InputError(`workerd did not start: ${printed.trim()}`)));
  });
  return {
    origin: `http://127.0.0.1:${await listening}`,
    pid: child.pid as number,
    ended,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
