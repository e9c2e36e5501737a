/** On SIGTERM a server finishes the answers that it began, and ends with 0. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { homeOf, ID, putModel } from "../../home.ts";
import { slowModel } from "../../models.ts";
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

/** The processes that a process started. */
function childrenOf(pid: number): number[] {
  const of = (task: string) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8");
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => of(task).split(" ").filter(Boolean))
    .map(Number);
}

/** Whether a process runs; one that ended may wait there for a parent to take note. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

for (const platform of ["node", "deno"] as const) {
  test(`a model that takes minutes keeps neither a place nor a server by ${platform}`, async () => {
    const home = homeOf([ID, "mlp-1x512.true"]);
    putModel(home, slowModel());
    const server = await startServer(platform, { RETHINK_HOME: home, RETHINK_SECONDS: "4" });
    const ask = (id: string) =>
      fetch(`${server.origin}/v1/checkpoints/${id}/evaluations/test?end=1`);
    assert.is((await ask(ID)).status, 503);
    let again = await ask("mlp-1x512.true"); // what waited behind it may have failed with it
    if (again.status !== 200) again = await ask("mlp-1x512.true");
    assert.is(again.status, 200);
    const late = ask(ID).catch(() => undefined);
    await sleep(500);
    const started = process.platform === "linux" ? childrenOf(server.pid) : [];
    assert.is(await server.end(), 0);
    await late;
    await sleep(100);
    assert.not(started.some(runs));
    rmSync(home, { recursive: true });
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
