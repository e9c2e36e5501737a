/**
 * The Worker in workerd: the most memory of its isolate and processor time for 1,000 images of a
 * net of each family, and `verify --url` against four behind nginx and against one.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { InputError } from "../../src/datasets/storage.ts";
import { CACHE, PROJECT } from "../../src/local/dataset.ts";
import { publishInto } from "../../src/local/publish.ts";
import { publishedFiles } from "../../src/local/published-files.ts";
import { buildWorker } from "../deploy/workers/build.ts";
import { type RunningWorker, startWorker } from "../deploy/workers/workerd.ts";
import { COUNTING_ENTRY, mostMemory } from "./isolate-memory.ts";
import { configured, startNginx } from "../nginx.ts";

const NETS = ["theorem1.random-labels", "mlp-1x512.true", "alexnet.true", "inception.true"];
/** Hertz of what /proc tells of processor time (USER_HZ). */
const TICKS = 100;
/** What is verified by many: 2 × 4 shards of a net that takes seconds for each. */
const VERIFIED = ["--checkpoint", "alexnet.true", "--shards", "4", "--seed", "7"];

/** Seconds that a process has computed. */
async function computed({ pid }: RunningWorker): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS; // utime and stime
}

async function ask(worker: RunningWorker, id: string, start: number): Promise<void> {
  const path = `/v1/checkpoints/${id}/evaluations/test?start=${start}&end=${start + 1000}`;
  const answer = await fetch(worker.origin + path);
  if (answer.status !== 200) throw new InputError(`${id}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

async function measure(start: () => Promise<RunningWorker>, id: string): Promise<void> {
  const worker = await start();
  try {
    const before = await computed(worker);
    const memory = await mostMemory(worker, () => ask(worker, id, 0));
    const first = (await computed(worker)) - before;
    await ask(worker, id, 1000);
    const second = (await computed(worker)) - before - first;
    const of = (["heap", "buffers", "wasm"] as const).map((k) => `${k} ${memory[k].toFixed(0)}`);
    console.log(
      `${id}: ${memory.all.toFixed(0)} MiB at most (${of.join(", ")}); processor time of 1,000 images ${first.toFixed(1)} s the first time, then ${second.toFixed(1)} s`,
    );
  } finally {
    await worker.stop();
  }
}

/** Seconds that `verify --url` takes, and what it reports. */
async function verified(origin: string) {
  const started = performance.now();
  const args = ["src/cli/main.ts", "verify", ...VERIFIED, "--runtime", "wasm", "--json", "--quiet"];
  const child = spawn(process.execPath, ["--import", "tsx", ...args, "--url", origin], {
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new InputError(`verify --url ended with ${code}`);
  const { checkpoints } = JSON.parse(printed);
  return {
    seconds: (performance.now() - started) / 1000,
    checkpoints: JSON.stringify(checkpoints),
  };
}

async function compareMany(start: () => Promise<RunningWorker>): Promise<void> {
  const workers = await Promise.all([1, 2, 3, 4].map(start));
  const servers = workers.map(({ origin }) => `server ${new URL(origin).host};`).join(" ");
  const nginx = await startNginx((port) =>
    configured(
      `upstream workers { least_conn; ${servers} } proxy_read_timeout 300s;
       server { listen 127.0.0.1:${port}; location / { proxy_pass http://workers; } }`,
    ),
  );
  try {
    const one = await verified((workers[0] as RunningWorker).origin);
    const four = await verified(nginx.origin);
    const same = one.checkpoints === four.checkpoints ? "the same report" : "ANOTHER REPORT";
    console.log(
      `verify --url, four Workers / one  ${(one.seconds / four.seconds).toFixed(2)}  (${four.seconds.toFixed(1)} s / ${one.seconds.toFixed(1)} s, ${same})`,
    );
  } finally {
    await nginx.end();
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

export async function benchWorkers(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rethink-bench-"));
  const files = join(CACHE, "origin");
  try {
    const [worker] = await Promise.all([buildWorker(), publishInto(files, publishedFiles())]);
    const options = { files, port: 0, environment: { RETHINK_LOG: "errors" } };
    await compareMany(() => startWorker({ ...options, worker }));
    const counting = await buildWorker(folder, COUNTING_ENTRY);
    for (const id of NETS) {
      await measure(() => startWorker({ ...options, worker: counting, inspect: true }), id);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
