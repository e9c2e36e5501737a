/** The pages in real browsers: read, verify on the server, with JavaScript and without, for everyone. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElementHandle } from "puppeteer-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { importPublicKey } from "../../src/receipts/keys.ts";
import { readReceipt } from "../../src/receipts/receipt.ts";
import { startServer } from "../http/server.ts";
import { barriers } from "./barriers.ts";
import { browsers, drop, keepSaved, saved, textOf } from "./browsers.ts";

const found = await browsers("the pages");
const server = found.length > 0 ? await startServer("node") : undefined;
const origin = server?.origin ?? "";
const folder = await mkdtemp(join(tmpdir(), "rethink-reading-"));

const PAGES = [
  "",
  "figures",
  "figures/1a",
  "claims",
  "claims/theorem-1",
  "checkpoints",
  "checkpoints/mlp-1x512.random-labels",
  "audit",
  "docs",
];

/** What is laid out in another way: a figure each, what became of claims, other data, a problem. */
const MORE = [
  ...["accuracy", "1b", "1c", "2b"].map((id) => `figures/${id}`),
  "claims/table-1.mlp-1x512.true",
  "claims/table-1.inception-nobn.random-labels",
  "claims/section-2.learned-first.alexnet",
  "claims/section-3.inception",
  "claims/figure-2a",
  "claims/theorem-1-at-chance/verification?shards=1&seed=1",
  "checkpoints/kernel.mnist.true",
  "checkpoints/theorem1.random-labels",
  "nowhere",
];

for (const { name, use } of found) {
  test(`${name} shows every page, wide and narrow, light and dark, without a barrier`, () =>
    use(async (open) => {
      const page = await open();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(`${error}`));
      await page.setViewport({ width: 360, height: 740 });
      // Firefox has no emulation of colours over BiDi, and is light.
      const colours = name === "Chromium" && { name: "prefers-color-scheme" };
      for (const path of name === "Chromium" ? [...PAGES, ...MORE] : PAGES) {
        if (colours) await page.emulateMediaFeatures([{ ...colours, value: "light" }]);
        await page.goto(`${origin}/${path}`);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wider <= 0, `${path} is ${wider} px wider than a telephone`);
        assert.equal(await barriers(page), [], `/${path}`);
        if (!colours) continue;
        await page.emulateMediaFeatures([{ ...colours, value: "dark" }]);
        assert.equal(await barriers(page, ["color-contrast"]), [], `/${path} dark`);
      }
      assert.equal(errors, []);
    }));

  test(`${name} lets nothing in a table reach over its column`, () =>
    use(async (open) => {
      const page = await open();
      for (const width of [780, 1100]) {
        await page.setViewport({ width, height: 740 });
        for (const path of name === "Chromium" ? [...PAGES, ...MORE] : PAGES) {
          await page.goto(`${origin}/${path}`);
          const over = await page.$$eval("th, td", (cells) =>
            cells.filter((c) => c.scrollWidth > c.clientWidth).map((c) => c.textContent),
          );
          assert.equal(over, [], `/${path}, ${width} px wide`);
        }
      }
    }));

  test(`${name} tells of which split a column is, and draws a figure once, wide and narrow`, () =>
    use(async (open) => {
      const page = await open();
      for (const [width, counts] of [
        [360, []],
        [1100, ["train"]],
      ] as const) {
        await page.setViewport({ width, height: 740 });
        await page.goto(`${origin}/`);
        const drawings = await page.$$eval(".drawing", (all) =>
          all.map((drawing) => drawing.getClientRects().length),
        );
        assert.equal(drawings.sort(), [0, 1], `${width} px`);
        await page.goto(`${origin}/checkpoints`);
        // What has no box is not displayed, and read to no one.
        const told = await page.$$eval("thead th", (all) =>
          all
            .filter((th) => th.getClientRects().length > 0)
            .map(({ childNodes }) =>
              [...childNodes]
                .filter((node) => !(node instanceof Element) || node.getClientRects().length > 0)
                .map((node) => node.textContent)
                .join(""),
            ),
        );
        const of = (split: string) => [...counts.map(() => split), `${split} %`, `paper, ${split}`];
        assert.equal(told, ["network", ...of("train"), ...of("test")], `${width} px`);
      }
    }));

  test(`${name} verifies a claim on the server, and keeps a receipt that holds`, () =>
    use(async (open) => {
      const page = await open();
      await page.goto(`${origin}/claims/theorem-1-at-chance`);
      await keepSaved(page);
      let asked = 0;
      page.on("request", (request) => {
        if (/verification\?/.test(request.url())) asked++;
      });
      const focused = () => page.evaluate(() => document.activeElement?.textContent);
      await page.focus("#checks form button");
      await page.$eval("#checks form button", (button) => {
        for (let k = 0; k < 2; k++) (button as HTMLButtonElement).click(); // an impatient reader
      });
      await page.waitForSelector("#verification .verified");
      assert.is(asked, 1);
      assert.is(await focused(), "Verify on the server", "the keyboard's place is kept");
      assert.match(await textOf(page, "#verification"), /reproduced[\s\S]*match/);
      assert.equal(await barriers(page), []);
      await page.focus("#verification .receipt");
      await page.keyboard.press("Enter");
      const receipt = await saved(page);
      assert.is(await focused(), "Keep a signed receipt");
      const pem = await (await fetch(`${origin}/.well-known/rethink-receipts.pem`)).text();
      await readReceipt(receipt, await importPublicKey(pem, "the server's"));
    }));

  test(`${name} does as much without JavaScript`, () =>
    use(async (open) => {
      if (name === "Firefox") return; // BiDi cannot switch it off
      const page = await open();
      await page.setJavaScriptEnabled(false);
      await page.goto(`${origin}/`);
      const claims = await page.$eval(
        "a[href='./claims']",
        (link) => (link as HTMLAnchorElement).href,
      );
      await page.goto(claims);
      await page.goto(`${origin}/claims/theorem-1-at-chance`);
      await Promise.all([page.waitForNavigation(), page.click("#checks form button")]);
      assert.match(await textOf(page, "main"), /reproduced[\s\S]*match/);
    }));

  test(`${name} shows what a net and its twin make of an image, the reader's own too`, () =>
    use(async (open) => {
      const page = await open();
      const net = `${origin}/checkpoints/mlp-1x512.true`;
      await page.goto(net);
      await page.click("#image-test");
      await page.waitForSelector("#image-result .seen");
      const told = await textOf(page, "#image-result");
      assert.equal(await barriers(page), []);
      assert.is(await page.$$eval("#image-result .bar", (bars) => bars.length), 20);
      assert.match(told, /mlp-1x512.true[\s\S]*cat[\s\S]*%[\s\S]*mlp-1x512.random-labels/);

      if (name === "Chromium") {
        const text = join(folder, "text.png");
        await writeFile(text, "no image");
        const workers = page.workers().length;
        await drop(page, "#image-drop", [text]);
        await page.waitForFunction(() =>
          document.querySelector("#image-result")?.textContent?.startsWith("It failed"),
        );
        await page.click("#image-test");
        await page.waitForSelector("#image-result .seen");
        assert.is(page.workers().length, workers, "the networks are still there");
      }

      const image = join(folder, "0.png");
      const answer = await fetch(`${net}/images/test/0.png`);
      await writeFile(image, new Uint8Array(await answer.arrayBuffer()));
      await page.reload();
      if (name === "Chromium") await drop(page, "#image-drop", [image]);
      else
        await ((await page.$("#image-file")) as ElementHandle<HTMLInputElement>).uploadFile(image);
      await page.waitForSelector("#image-result .seen");
      assert.is(await textOf(page, "#image-result"), told, "it is the same image");
    }));

  test(`${name} draws a figure anew: nets off and on, a logarithmic scale`, () =>
    use(async (open) => {
      const page = await open();
      await page.setViewport({ width: 1000, height: 900 });
      await page.goto(`${origin}/figures/1a`);
      const lines = () => page.$$eval(".wide-only g[data-mark=line] path", (all) => all.length);
      const before = await lines();
      await page.click("[data-series='gaussian']");
      await page.waitForFunction(
        (many) => document.querySelectorAll(".wide-only g[data-mark=line] path").length < many,
        {},
        before,
      );
      await page.click("[data-log]");
      await page.waitForFunction(() =>
        document.querySelector(".wide-only svg")?.textContent?.includes("0.01"),
      );
      assert.is(await lines(), before - 1);
      if (name === "Firefox") return; // BiDi has no paper
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
      await page.emulateMediaType("print");
      const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
      assert.is(await ink(), "rgb(29, 33, 39)", "dark on white on paper, whatever the screen is");
    }));
}

test("the first view is small, asks no one else, and moves nothing", async () => {
  for (const { name, use } of found.filter((one) => one.name === "Chromium")) {
    await use(async (open) => {
      const page = await open();
      let bytes = 0;
      page.on("response", async (response) => {
        assert.ok(response.url().startsWith(origin), response.url());
        bytes += Number(response.headers()["content-length"] ?? 0);
      });
      await page.evaluateOnNewDocument(() => {
        const seen = globalThis as unknown as { shift: number };
        seen.shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            seen.shift += (entry as unknown as { value: number }).value;
        }).observe({ type: "layout-shift", buffered: true });
      });
      for (const path of PAGES) {
        bytes = 0;
        await page.goto(`${origin}/${path}`, { waitUntil: "networkidle0" });
        assert.ok(bytes < 200_000, `${name}: /${path} takes ${bytes} bytes`);
        const shift = await page.evaluate(() => (globalThis as unknown as { shift: number }).shift);
        assert.is(shift, 0, `/${path} moves`);
      }
    });
  }
});

test.after(async () => {
  for (const { close } of found) await close();
  await server?.end();
  await rm(folder, { recursive: true, force: true });
});

if (found.length > 0) test.run();
