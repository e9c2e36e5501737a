/** A real nginx in front of something, or over files, on a port that is free. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Nginx {
  origin: string;
  end(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A whole configuration around the lines of its http block; all that nginx writes is in its folder. */
export function configured(http: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const paths = temporary.map((name) => `${name}_temp_path ${name};`).join(" ");
  return `daemon off; pid nginx.pid; error_log log; events {} http { access_log off; ${paths} ${http} }`;
}

/** @param configOf what nginx reads, by the port to listen on; paths are relative to `folder` */
export async function startNginx(
  configOf: (port: number) => string,
  folder?: string,
): Promise<Nginx> {
  const [port, own] = [await freePort(), await mkdtemp(join(tmpdir(), "rethink-nginx-"))];
  const config = join(own, "nginx.conf");
  await writeFile(config, configOf(port));
  const child = spawn("nginx", ["-p", folder ?? own, "-c", config], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(origin).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    origin,
    async end() {
      child.kill("SIGQUIT");
      await ended;
      await rm(own, { recursive: true });
    },
  };
}
