/**
 * What a client without manners costs the endpoint: each deed is done to a server in a process of
 * its own, bounded in size and time, while /livez is asked; then how soon it answers as before.
 * RETHINK_BENCH_SECONDS sets how long the mixed load at the end takes (20).
 */
import { readdirSync } from "node:fs";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { publishedIds } from "../../src/evaluation/published.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import { type RunningServer, startServer } from "../../test/http/server.ts";
import { memory, quantile } from "./measures.ts";
import { get, open } from "../raw-http.ts";

const EVALUATION = "/v1/checkpoints/mlp-1x512.true/evaluations/test";
const STREAM = "/v1/claims/theorem-1/verification?shards=1&seed=";
const INFER = "/v2/models/mlp-1x512.true/infer";
const MIXED_SECONDS = Number(process.env.RETHINK_BENCH_SECONDS) || 20;

function post(size: number): string {
  return `POST ${INFER} HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`;
}

/** Deeds by name: each opens connections, which are closed when it is over. */
const DEEDS: Record<string, (server: RunningServer) => Promise<Socket[]> | Socket[]> = {
  "60,000 requests on each of 3 connections, nothing read": (server) => {
    const requests = Buffer.from(get("/v1/checkpoints/mlp-1x512.true").repeat(60_000));
    return [1, 2, 3].map(() => open(server.origin, requests));
  },
  "400 readers of archives that stall": async (server) => {
    const ids = await publishedIds(project);
    const address = (k: number) => `/v1/checkpoints/${ids[k % ids.length]}/archive.zip`;
    return Array.from({ length: 400 }, (_, k) => open(server.origin, get(address(k))));
  },
  "200 event streams that nobody reads": (server) =>
    Array.from({ length: 200 }, (_, k) =>
      open(server.origin, get(`${STREAM}${k}`, "Accept: text/event-stream")),
    ),
  "200 bodies that all but stop": (server) =>
    Array.from({ length: 200 }, () => open(server.origin, `${post(1_000_000)}{`)),
  "10 shapes of eight million numbers": (server) => {
    const shape = `{"inputs":[{"name":"images","datatype":"UINT8","shape":[${"1,".repeat(8e6 - 1)}1]}]}`;
    const body = Buffer.from(post(shape.length) + shape);
    return Array.from({ length: 10 }, () => open(server.origin, body));
  },
};

/** Milliseconds that /livez took, asked every 50 ms for some seconds. */
async function live({ origin: url }: RunningServer, seconds: number): Promise<number[]> {
  const waits: number[] = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const started = performance.now();
    await (await fetch(`${url}/livez`)).arrayBuffer();
    waits.push(performance.now() - started);
    await sleep(50);
  }
  return waits;
}

/** Seconds until another client's evaluation is answered, and not told to come again. */
async function recovery({ origin: url }: RunningServer, k: number): Promise<number> {
  const started = performance.now();
  for (;;) {
    const answer = await fetch(`${url}${EVALUATION}?start=${k * 100}&end=${k * 100 + 100}`);
    await answer.arrayBuffer();
    if (answer.status === 200) return (performance.now() - started) / 1000;
    await sleep(100);
  }
}

function descriptors({ pid }: RunningServer): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return Number.NaN; // only Linux tells
  }
}

/** Of README's table: MiB before and meanwhile, milliseconds half the time and at worst, seconds. */
function row(...[deed, memory, livez, again]: [string, string, string, string]): string {
  return `| ${deed.padEnd(54)} | ${memory.padEnd(9)} | ${livez.padEnd(8)} | ${again.padStart(5)} |`;
}

async function doDeed(server: RunningServer, name: string, k: number): Promise<void> {
  const { pid } = server;
  const before = await memory(pid);
  const sockets = (await DEEDS[name]?.(server)) ?? [];
  const waits = await live(server, 5);
  const during = await memory(pid);
  for (const socket of sockets) socket.destroy();
  const seconds = await recovery(server, k);
  const [half, worst] = [quantile(waits, 0.5).toFixed(0), Math.max(...waits).toFixed(0)];
  const sizes = `${before.toFixed(0)} → ${during.toFixed(0)}`;
  console.log(row(name, sizes, `${half}, ${worst}`, seconds.toFixed(1)));
}

/** Evaluations, downloads, streams that are left, and readers that stall, all at once. */
async function mixed(server: RunningServer, seconds: number): Promise<void> {
  const { origin: url } = server;
  const until = performance.now() + seconds * 1000;
  const loop = async (ask: (k: number) => Promise<unknown>) => {
    for (let k = 0; performance.now() < until; k++) await ask(k).catch(() => {});
  };
  const sizes: number[] = [];
  const files: number[] = [];
  const look = async () => {
    sizes.push(await memory(server.pid));
    files.push(descriptors(server));
    await sleep(1000);
  };
  const [waits] = await Promise.all([
    live(server, seconds),
    loop(look),
    loop(async (k) =>
      (
        await fetch(`${url}${EVALUATION}?start=${(k * 37) % 9900}&end=${((k * 37) % 9900) + 50}`)
      ).text(),
    ),
    loop(async () =>
      (await fetch(`${url}/v1/checkpoints/mlp-1x512.true/archive.zip`)).arrayBuffer(),
    ),
    loop(async (k) => {
      const headers = { Accept: "text/event-stream" };
      await fetch(`${url}${STREAM}${k}`, { headers, signal: AbortSignal.timeout(200) });
    }),
    loop(async () => {
      const stalled = open(server.origin, get("/v1/checkpoints/alexnet.true/archive.zip"));
      await sleep(500);
      stalled.destroy();
    }),
  ]);
  const range = (values: number[]) =>
    `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
  console.log(
    `mixed load for ${seconds} s: ${range(sizes)} MiB, ${range(files)} descriptors; /livez within ${quantile(waits, 0.99).toFixed(0)} ms 99 times of 100, ${Math.max(...waits).toFixed(0)} ms at worst`,
  );
}

export async function benchHostile(): Promise<void> {
  await openDataset();
  console.log(row("deed", "memory", "`/livez`", "again"));
  for (const [k, name] of Object.keys(DEEDS).entries()) {
    const server = await startServer("node");
    try {
      await recovery(server, 50); // models are loaded
      await doDeed(server, name, k);
      if (k === Object.keys(DEEDS).length - 1) await mixed(server, MIXED_SECONDS);
    } finally {
      await server.end();
    }
  }
}
