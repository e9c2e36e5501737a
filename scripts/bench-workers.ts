/**
 * The Worker in workerd: the most memory that it takes beyond an empty one and processor time for
 * 1,000 images of a net of each family, and `verify --url` against four behind nginx and against one.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { InputError } from "../src/datasets/storage.ts";
import { CACHE, PROJECT } from "../src/local/dataset.ts";
import { publishInto } from "../src/local/publish.ts";
import { publishedFiles } from "../src/local/published-files.ts";
import { buildWorker } from "./deploy/workers/build.ts";
import { type RunningWorker, startWorker } from "./deploy/workers/workerd.ts";
import { configured, startNginx } from "./nginx.ts";

const NETS = ["theorem1.random-labels", "mlp-1x512.true", "alexnet.true", "inception.true"];
/** Hertz of what /proc tells of processor time (USER_HZ). */
const TICKS = 100;
/** What is verified by many: 2 × 3 shards of a net that takes seconds for each. */
const VERIFIED = ["--checkpoint", "alexnet.true", "--shards", "4", "--seed", "7"];

const EMPTY = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "worker", worker = .worker), (name = "origin", disk = (path = "origin"))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = "export default { fetch() { return new Response() } }")],
  compatibilityDate = "2026-11-01",
);
`;

/** The most memory that a process has held, in MiB. */
async function peak({ pid }: RunningWorker): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** Seconds that a process has computed. */
async function computed({ pid }: RunningWorker): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS; // utime and stime
}

async function emptyPeak(folder: string): Promise<number> {
  await writeFile(join(folder, "workerd.capnp"), EMPTY);
  const empty = await startWorker({ worker: folder, files: folder, port: 0 });
  try {
    await (await fetch(empty.origin)).text();
    return await peak(empty);
  } finally {
    await empty.stop();
  }
}

async function ask(worker: RunningWorker, id: string, start: number): Promise<void> {
  const path = `/v1/checkpoints/${id}/evaluations/test?start=${start}&end=${start + 1000}`;
  const answer = await fetch(worker.origin + path);
  if (answer.status !== 200) throw new InputError(`${id}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

async function measure(start: () => Promise<RunningWorker>, id: string, empty: number) {
  const worker = await start();
  try {
    await ask(worker, id, 0);
    const first = await computed(worker);
    await ask(worker, id, 1000);
    const second = (await computed(worker)) - first;
    const memory = (await peak(worker)) - empty;
    console.log(
      `${id}: ${memory.toFixed(0)} MiB at most beyond an empty Worker's ${empty.toFixed(0)}; processor time of 1,000 images ${first.toFixed(1)} s with the start, then ${second.toFixed(1)} s`,
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
    const start = () =>
      startWorker({ worker, files, port: 0, environment: { RETHINK_LOG: "errors" } });
    const empty = await emptyPeak(folder);
    for (const id of NETS) await measure(start, id, empty);
    await compareMany(start);
  } finally {
    await rm(folder, { recursive: true });
  }
}
