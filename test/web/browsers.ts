/** The browsers of this machine, as Debian and others install them: one of each for a file of tests. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContext, Page } from "puppeteer-core";

const BROWSERS = [
  {
    name: "Chromium",
    browser: "chrome" as const,
    programs: ["chromium", "chromium-browser", "google-chrome"],
  },
  { name: "Firefox", browser: "firefox" as const, programs: ["firefox-esr", "firefox"] },
];

/** Nothing is asked of anyone but the server under test. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Milliseconds after which a browser that does not answer is taken for one that hangs. */
const HANGS = 100_000;

function installed(programs: string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return programs
    .flatMap((program) => folders.map((folder) => join(folder, program)))
    .find((path) => existsSync(path));
}

type Work = (open: () => Promise<Page>, browser: Browser) => Promise<void>;

export interface Installed {
  name: string;
  /** Runs with pages of a profile of their own, which are closed in any case. */
  use(work: Work): Promise<void>;
  close(): Promise<void>;
}

/** A browser that is started when it is wanted, and anew after it failed. */
async function driven(
  { name, browser }: (typeof BROWSERS)[number],
  executablePath: string,
  networkEnabled: boolean,
) {
  const { default: puppeteer } = await import("puppeteer-core");
  let running: Promise<{ started: Browser; userDataDir: string }> | undefined;

  async function start() {
    const userDataDir = await mkdtemp(join(tmpdir(), "rethink-browser-"));
    const started = await puppeteer.launch({
      browser,
      executablePath,
      userDataDir,
      headless: true,
      timeout: HANGS,
      protocolTimeout: HANGS,
      networkEnabled,
      args: browser === "chrome" ? QUIET : [],
    });
    return { started, userDataDir };
  }

  async function close(): Promise<void> {
    const was = await running?.catch(() => undefined);
    running = undefined;
    if (!was) return;
    await Promise.race([was.started.close().catch(() => {}), sleep(5000)]);
    was.started.process()?.kill("SIGKILL"); // one that hangs does not close
    await rm(was.userDataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  async function once(work: Work): Promise<void> {
    running ??= start();
    const { started } = await running;
    let context: BrowserContext | undefined;
    try {
      await work(async () => {
        context ??= await started.createBrowserContext();
        const page = await context.newPage();
        page.setDefaultTimeout(HANGS);
        return page;
      }, started);
    } finally {
      await Promise.race([context?.close().catch(() => {}), sleep(5000)]);
    }
  }

  /** A browser on a busy machine may hang; a new one decides, and that it did is said. */
  async function use(work: Work): Promise<void> {
    try {
      await once(work);
    } catch (error) {
      console.error(`${name} is tried once more: ${String(error).split("\n")[0]}`);
      await close();
      await once(work);
    }
  }
  return { name, use, close };
}

/**
 * Those that are there; says of the others that they are skipped, and why. Where their network is
 * not watched, a tab holds what a reader's does: else it keeps every answer for whoever watches.
 */
export async function browsers(what: string, watched = true): Promise<Installed[]> {
  if ("Deno" in globalThis) {
    console.log(`skipped: ${what}: browsers are driven by Node's run of the tests`);
    return [];
  }
  const found: Installed[] = [];
  for (const one of BROWSERS) {
    const path = installed(one.programs);
    if (path) found.push(await driven(one, path, watched));
    else console.log(`skipped: ${what} in ${one.name}: it is not installed`);
  }
  return found;
}

/** The text of an element with all that it holds. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return await page.$eval(selector, (element) => element.textContent ?? "");
}

/** Keeps what the page would save from now on, until `saved` asks for it. */
export async function keepSaved(page: Page): Promise<void> {
  await page.evaluate(() => {
    const kept = globalThis as unknown as { saved: Promise<string> };
    URL.createObjectURL = (blob) => {
      kept.saved = (blob as Blob).text();
      return "data:,";
    };
  });
}

/** The text that the page saved last. */
export async function saved(page: Page): Promise<string> {
  await page.waitForFunction(() => "saved" in globalThis);
  return await page.evaluate(() => (globalThis as unknown as { saved: Promise<string> }).saved);
}

/** Puts files on an element as a drag from the desktop does, where the browser can be told to. */
export async function drop(page: Page, selector: string, paths: string[]): Promise<void> {
  const box = await (await page.$(selector))?.boundingBox();
  if (!box) throw new Error(`${selector} is not to be seen`);
  const session = await page.createCDPSession();
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
  }
  await session.detach();
}
