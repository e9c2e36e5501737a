/** On SIGTERM a server finishes the answers that it began, and ends with 0. */
import { connect } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startServer } from "../server.ts";

for (const platform of ["node", "deno", "deno serve"] as const) {
  test(`a server by ${platform} finishes what it answers`, async () => {
    const server = await startServer(platform);
    const path = "/v1/claims/theorem-1/verification?shards=2&seed=1";
    const response = await fetch(server.origin + path, {
      headers: { Accept: "text/event-stream" },
    });
    const reader = response.body?.getReader();
    let text = new TextDecoder().decode((await reader?.read())?.value); // it has begun
    const ended = server.end();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      text += new TextDecoder().decode(part.value);
    }
    assert.match(text, /^event: verification$/m);
    assert.is(await ended, 0);
    const refused = await fetch(`${server.origin}/livez`).catch(() => undefined);
    assert.is(refused, undefined);
  });
}

for (const platform of ["node", "deno"] as const) {
  test(`a client that stopped half-way does not keep a server by ${platform}`, async () => {
    const server = await startServer(platform, { RETHINK_SECONDS: "1" });
    const { hostname, port } = new URL(server.origin);
    const client = connect(Number(port), hostname);
    client.on("error", () => {}); // it is cut off
    await new Promise<void>((resolve) => {
      client.write("GET /livez HTTP/1.1\r\nHost: x\r\n", () => resolve());
    });
    assert.is((await fetch(`${server.origin}/livez`)).status, 200);
    assert.is(await server.end(), 0);
    client.destroy();
  });
}

test("a variable that is set wrong is one line, and nothing starts", async () => {
  const error = await startServer("node", { RETHINK_PORT: "http" }).catch((e: Error) => e);
  assert.match((error as Error).message, /^rethink: RETHINK_PORT: it must be an integer.*\n$/);
});

test("a port that is taken is one line", async () => {
  const server = await startServer("node");
  const { port } = new URL(server.origin);
  for (const platform of ["node", "deno"] as const) {
    const error = await startServer(platform, { RETHINK_PORT: port }).catch((e: Error) => e);
    assert.match((error as Error).message, /^rethink: cannot listen on localhost:\d+ .*\n$/);
  }
  assert.is(await server.end(), 0);
});

test.run();
