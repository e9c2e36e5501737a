/** Behind a real nginx that is told nothing but where the server is. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openService } from "../service.ts";

/** nginx gives up on a silent server after 60 s; 12 are as much longer than a comment's 10. */
const PATIENCE = 12;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @param location the lines between the braces of a location */
async function startNginx(path: string, location: string) {
  const folder = mkdtempSync(join(tmpdir(), "rethink-"));
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(" ");
  const http = `access_log off; ${temporary} proxy_read_timeout ${PATIENCE}s;
    server { listen 127.0.0.1:${port}; location ${path} { ${location} } }`;
  const text = `daemon off; pid ${folder}/pid; error_log ${folder}/log; events {} http { ${http} }`;
  writeFileSync(join(folder, "nginx.conf"), text);
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], {
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(origin).then(
        () => true,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    origin,
    async end() {
      child.kill("SIGQUIT");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

const reason =
  "Deno" in globalThis
    ? "Node's run has asked the same"
    : spawnSync("nginx", ["-v"]).error?.message;
if (reason) console.log(`skipped: behind nginx: ${reason}`);
else {
  test("a stream that waits for its turn is not cut", async () => {
    const { app, service } = openService();
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const nginx = await startNginx("/", `proxy_pass http://127.0.0.1:${port};`);
    const ends: (() => void)[] = [];
    const held = () => new Promise<void>((resolve) => ends.push(resolve));
    const { signal } = new AbortController();
    const busy = [service.limiter.run(signal, held), service.limiter.run(signal, held)];
    try {
      const address = `${nginx.origin}/v1/claims/theorem-1/verification?shards=1&seed=7`;
      const response = await fetch(address, { headers: { Accept: "text/event-stream" } });
      const release = () => {
        for (const end of ends) end();
      };
      setTimeout(release, PATIENCE * 1000 + 1500);
      const text = await response.text();
      assert.match(text, /^: .*\n\n: .*\n\n/);
      assert.match(text, /^event: verification$/m);
    } finally {
      for (const end of ends) end();
      await Promise.all(busy);
      await nginx.end();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}

test.run();
