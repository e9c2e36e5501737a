/**
 * The pages in real browsers: what a first view takes, what an audit takes beside `verify --runtime
 * wasm` of the same shards, and whether every kind of network meets its digests.
 * RETHINK_BENCH_SHARDS sets how many shards a split both run; all of them unless it is set.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import type { CDPSession, ElementHandle, Page } from "puppeteer-core";
import { CIFAR10_FILES } from "../../src/datasets/cifar10.ts";
import { datasetFolder, PROJECT } from "../../src/local/dataset.ts";
import { type RunningServer, startServer } from "../../test/http/server.ts";
import { browsers, type Installed } from "../../test/web/browsers.ts";
import { memory } from "./measures.ts";

const SHARDS = process.env.RETHINK_BENCH_SHARDS || "all";
const CLAIM = "table-1.alexnet.random-labels";
const NETS = ["mlp-1x512.true", "alexnet.true", "inception.true", "kernel.mnist.true"];
const PAGES = [
  "",
  "figures",
  "figures/1a",
  "claims",
  `claims/${CLAIM}`,
  "checkpoints",
  "checkpoints/alexnet.random-labels",
  "audit",
  "docs",
];

/** Milliseconds without a sign of progress after which an audit is given up. */
const HANGS = 60_000;

/** Regular 3G as WebPageTest has it. */
const MOBILE = {
  offline: false,
  latency: 300,
  downloadThroughput: 1.6e6 / 8,
  uploadThroughput: 768e3 / 8,
};

/** Notes what moved, what held the page up, and when its text was there. */
function observe(): void {
  const seen = { shift: 0, longest: 0, painted: 0 };
  Object.assign(globalThis, { seen });
  const on = (type: string, note: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({
      type,
      buffered: true,
    });
  on("layout-shift", (entry) => {
    seen.shift += (entry as PerformanceEntry & { value: number }).value;
  });
  on("longtask", ({ duration }) => {
    seen.longest = Math.max(seen.longest, duration);
  });
  on("largest-contentful-paint", ({ startTime }) => {
    seen.painted = startTime;
  });
}

type Seen = { shift: number; longest: number; painted: number };

async function seenBy(page: Page): Promise<Seen> {
  return (await page.evaluate("seen")) as Seen;
}

async function watched(page: Page): Promise<Page> {
  await page.evaluateOnNewDocument("globalThis.__name = (named) => named");
  await page.evaluateOnNewDocument(observe);
  return page;
}

/** Each page as one sees it who has none of it yet. */
async function benchViews({ use }: Installed, { origin }: RunningServer): Promise<void> {
  let [most, shift, latest] = [0, 0, 0];
  for (const path of PAGES) {
    await use(async (open) => {
      const page = await watched(await open());
      const session = await page.createCDPSession();
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", MOBILE);
      let bytes = 0;
      session.on("Network.loadingFinished", ({ encodedDataLength }) => {
        bytes += encodedDataLength;
      });
      await page.goto(`${origin}/${path}`, { waitUntil: "networkidle0" });
      const seen = await seenBy(page);
      most = Math.max(most, bytes);
      shift = Math.max(shift, seen.shift);
      latest = Math.max(latest, seen.painted);
      console.log(
        `web: /${path}: ${(bytes / 1000).toFixed(0)} kB, read after ${(seen.painted / 1000).toFixed(2)} s by 3G, moved ${seen.shift}`,
      );
    });
  }
  console.log(
    `web: a first view takes at most ${(most / 1000).toFixed(0)} kB, is there after ${(latest / 1000).toFixed(2)} s by 3G, moves ${shift}`,
  );
}

/** Seconds that the command line takes, from its start to its end. */
async function verify(): Promise<number> {
  const amount = SHARDS === "all" ? ["--full"] : ["--shards", SHARDS];
  const args = ["--import", "tsx", "src/cli/main.ts", "verify", "--runtime", "wasm", ...amount];
  const started = performance.now();
  const child = spawn(process.execPath, [...args, "--claim", CLAIM], {
    cwd: PROJECT,
    stdio: "ignore",
  });
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`verify ended with ${status}`);
  return (performance.now() - started) / 1000;
}

/** The most memory that a tab's process held, in MiB, asked four times a second. */
async function watchMemory(session: CDPSession): Promise<() => number> {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const tabs = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  let most = 0;
  const timer = setInterval(async () => {
    for (const id of tabs) most = Math.max(most, (await memory(id)) || 0);
  }, 250);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** Seconds of an audit from the click to its outcome, and what the outcome says. */
async function audit(page: Page, amount: string): Promise<{ seconds: number; told: string }> {
  await page.evaluate((shards) => {
    const select = document.querySelector("#amount") as HTMLSelectElement;
    if (![...select.options].some(({ value }) => value === shards))
      select.add(new Option(shards, shards));
    select.value = shards;
  }, amount);
  const started = performance.now();
  await page.click("#start");
  let [stage, since] = ["", started];
  // Not by waiting in the page, which would take from its time.
  for (;;) {
    const told = await page.$eval("#result", (result) => result.textContent ?? "");
    const now = performance.now();
    if (told) return { seconds: (now - started) / 1000, told };
    const at = await page.$eval("#stage", (line) => line.textContent ?? "");
    if (at !== stage) [stage, since] = [at, now];
    if (now - since > HANGS) throw new Error(`nothing more since: ${stage}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const matched = (told: string) => /All that was recomputed matches/.test(told);

/** An audit from files on the disk or from the server; its seconds. */
async function benchAudit(
  { name, use }: Installed,
  { origin }: RunningServer,
  files: string[],
): Promise<number> {
  let took = Number.NaN;
  await use(async (open, browser) => {
    const page = await watched(await open());
    await page.goto(`${origin}/audit?claim=${CLAIM}`);
    if (files.length > 0) {
      await ((await page.$("#files")) as ElementHandle<HTMLInputElement>).uploadFile(...files);
      await page.waitForSelector("#accepted li");
    }
    const chromium = name === "Chromium";
    const session = chromium ? await browser.target().createCDPSession() : undefined;
    const most = session && (await watchMemory(session));
    const { seconds, told } = await audit(page, SHARDS);
    if (!matched(told)) throw new Error(told);
    took = seconds;
    const from = files.length > 0 ? "files" : "the server";
    const held = most
      ? `, at most ${most().toFixed(0)} MiB in the tab, its longest task ${(await seenBy(page)).longest.toFixed(0)} ms`
      : "";
    console.log(`web: ${name}, from ${from}: ${seconds.toFixed(1)} s${held}`);
  });
  return took;
}

async function benchDigests({ name, use }: Installed, { origin }: RunningServer): Promise<void> {
  for (const id of NETS) {
    await use(async (open) => {
      const page = await open();
      await page.goto(`${origin}/audit?checkpoint=${id}`);
      const { seconds, told } = await audit(page, "1");
      console.log(
        `web: ${name}, ${id}, 1,000 images of each split: ${matched(told) ? "digests met" : told} in ${seconds.toFixed(1)} s`,
      );
    });
  }
}

export async function benchWeb(): Promise<void> {
  const found = await browsers("the pages", false);
  if (found.length === 0) return;
  const folder = await datasetFolder("cifar10");
  const files = CIFAR10_FILES.map(({ path }) => join(folder, basename(path)));
  const server = await startServer("node");
  try {
    for (const one of found) {
      const there = await verify();
      console.log(`web: verify --runtime wasm, ${SHARDS} shards a split: ${there.toFixed(1)} s`);
      for (const given of [[], files]) {
        const here = await benchAudit(one, server, given);
        console.log(`web: ${one.name} / verify  ${(here / there).toFixed(2)}`);
      }
    }
    const [first] = found;
    if (first?.name === "Chromium") await benchViews(first, server);
    for (const one of found) await benchDigests(one, server);
  } finally {
    for (const { close } of found) await close();
    await server.end();
  }
}
