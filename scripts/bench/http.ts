/**
 * The endpoint under load, driven from this process while it runs in another:
 * requests a second against a bare Hono route that returns the same bytes,
 * /livez while an evaluation runs, a rush of evaluations, and memory.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import autocannon from "autocannon";
import { openDataset } from "../../src/local/dataset.ts";
import { type RunningServer, startServer } from "../../test/http/server.ts";
import { memory, quantile } from "./measures.ts";

const SECONDS = 2;
const ROUNDS = 5;
const EVALUATION = "/v1/checkpoints/mlp-1x512.true/evaluations/test";
const CONVOLUTIONAL = "/v1/checkpoints/alexnet.true/evaluations/test";

async function rate(url: string): Promise<number> {
  const { requests, non2xx, errors } = await autocannon({ url, duration: SECONDS, connections: 8 });
  if (non2xx > 0 || errors > 0) throw new Error(`${url}: ${non2xx} refused, ${errors} failed`);
  return requests.average;
}

/** Headers that a server writes itself. */
const CONNECTION = new Set(["connection", "content-length", "date", "keep-alive"]);

/** Requests a second of a route of ours against a bare one with the same bytes, in turn: machines change their pace. */
async function compare(name: string, url: string, folder: string): Promise<void> {
  const answer = await fetch(url);
  const file = join(folder, "body");
  await writeFile(file, new Uint8Array(await answer.arrayBuffer()));
  const headers: Record<string, string> = {};
  answer.headers.forEach((value, name) => {
    if (!CONNECTION.has(name)) headers[name] = value;
  });
  const script = ["--import", "tsx", "scripts/bench/http-bare.ts", file, JSON.stringify(headers)];
  const bare = await startServer([process.execPath, ...script]);
  try {
    const theirs: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      theirs.push(await rate(bare.origin));
      ours.push(await rate(url));
    }
    const ratios = ours.map((rate, round) => rate / (theirs[round] as number));
    console.log(
      `${name}: ours / bare Hono  ${quantile(ratios, 0.5).toFixed(2)}  (${Math.round(quantile(ours, 0.5))} / ${Math.round(quantile(theirs, 0.5))} requests/s, medians of ${ROUNDS} rounds)`,
    );
  } finally {
    await bare.end();
  }
}

/** How long /livez takes while the server evaluates, asked every 20 ms. */
async function liveWhileEvaluating(url: string, path: string): Promise<void> {
  const waits: number[] = [];
  let running = true;
  const evaluation = fetch(`${url}${path}`).finally(() => {
    running = false;
  });
  while (running) {
    const started = performance.now();
    await (await fetch(`${url}/livez`)).arrayBuffer();
    waits.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { status } = await evaluation;
  console.log(
    `/livez while ${path} runs (${status}): 99 % within ${quantile(waits, 0.99).toFixed(0)} ms of ${waits.length} requests`,
  );
}

/** Many clients at once; each must get an answer or be told to come again. */
async function rush(url: string, clients: number): Promise<void> {
  const statuses = await Promise.all(
    Array.from({ length: clients }, async (_, k) => {
      const answer = await fetch(`${url}${EVALUATION}?start=${k * 100}&end=${(k + 1) * 100}`);
      await answer.arrayBuffer();
      return answer.status;
    }),
  );
  const count = (status: number) => statuses.filter((s) => s === status).length;
  const lost = clients - count(200) - count(429);
  console.log(
    `${clients} at once: ${count(200)} answered, ${count(429)} told to come again, ${lost} lost`,
  );
}

/** Memory before and after many evaluations and many streams that their client leaves. */
async function growth({ origin: url, pid }: RunningServer): Promise<void> {
  const evaluateSome = async (count: number) => {
    for (let k = 0; k < count; k++) {
      const start = (k * 37) % 9_900;
      await (await fetch(`${url}${EVALUATION}?start=${start}&end=${start + 50 + (k % 50)}`)).text();
    }
  };
  const abortSome = async (count: number) => {
    for (let k = 0; k < count; k++) {
      const abort = new AbortController();
      const headers = { Accept: "text/event-stream" };
      const path = "/v1/claims/table-1.mlp-1x512.true/verification?shards=1";
      await fetch(`${url}${path}`, { headers, signal: abort.signal }).catch(() => {});
      abort.abort();
    }
  };
  // First what the caches may hold: models, blocks of the dataset, answers.
  await evaluateSome(100);
  await abortSome(200);
  const before = await memory(pid);
  await evaluateSome(1000);
  const evaluated = await memory(pid);
  await abortSome(1000);
  const aborted = await memory(pid);
  console.log(
    `memory: ${before.toFixed(0)} MiB, after 1,000 evaluations ${evaluated.toFixed(0)}, after 1,000 aborted streams ${aborted.toFixed(0)}`,
  );
}

export async function benchHttp(): Promise<void> {
  await openDataset();
  const folder = await mkdtemp(join(tmpdir(), "rethink-bench-"));
  const server = await startServer("node");
  try {
    const { origin: url } = server;
    await compare("model.onnx", `${url}/v1/checkpoints/theorem1.random-labels/model.onnx`, folder);
    await compare("a cached evaluation", `${url}${EVALUATION}?start=0&end=100`, folder);
    await liveWhileEvaluating(url, CONVOLUTIONAL);
    await rush(url, 64);
    await growth(server);
  } finally {
    await server.end();
    await rm(folder, { recursive: true });
  }
}
