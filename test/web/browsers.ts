/** The browsers of this machine, as Debian and others install them. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { tmpdir } from "node:os";
import type { Browser, Page } from "puppeteer-core";

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

function installed(programs: string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return programs
    .flatMap((program) => folders.map((folder) => join(folder, program)))
    .find((path) => existsSync(path));
}

export interface Installed {
  name: string;
  /** Runs in a browser with a profile of its own, which is closed in any case. */
  use(work: (open: () => Promise<Page>, browser: Browser) => Promise<void>): Promise<void>;
}

/** Those that are there; says of the others that they are skipped, and why. */
export async function browsers(what: string): Promise<Installed[]> {
  if ("Deno" in globalThis) {
    console.log(`skipped: ${what}: browsers are driven by Node's run of the tests`);
    return [];
  }
  const { default: puppeteer } = await import("puppeteer-core");
  return BROWSERS.flatMap(({ name, browser, programs }) => {
    const executablePath = installed(programs);
    if (!executablePath) {
      console.log(`skipped: ${what} in ${name}: it is not installed`);
      return [];
    }
    async function once(work: Parameters<Installed["use"]>[0]): Promise<void> {
      const userDataDir = await mkdtemp(join(tmpdir(), "rethink-browser-"));
      const started = await puppeteer.launch({
        browser,
        executablePath,
        userDataDir,
        headless: true,
        timeout: 180_000,
        protocolTimeout: 600_000,
        args: browser === "chrome" ? QUIET : [],
      });
      try {
        await work(async () => {
          const page = await started.newPage();
          page.setDefaultTimeout(100_000);
          return page;
        }, started);
      } finally {
        await started.close();
        await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
      }
    }
    /** A browser on a busy machine may hang; a new one decides, and that it did is said. */
    async function use(work: Parameters<Installed["use"]>[0]): Promise<void> {
      try {
        await once(work);
      } catch (error) {
        console.error(`${name} is tried once more: ${String(error).split("\n")[0]}`);
        await once(work);
      }
    }
    return [{ name, use }];
  });
}

/** The text of an element with all that it holds. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return await page.$eval(selector, (element) => element.textContent ?? "");
}
