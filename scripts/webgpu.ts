/** A model on onnxruntime-web's WebGPU in Chromium, for runtimes.py: webgpu.ts MODEL IMAGES LOGITS */
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const [model, images, out] = process.argv.slice(2) as [string, string, string];
const ort = fileURLToPath(import.meta.resolve("onnxruntime-web/webgpu"));
const files: Record<string, [string, string]> = {
  "/ort.mjs": [ort, "text/javascript"],
  "/model": [model, "application/octet-stream"],
  "/images": [images, "application/octet-stream"],
};

const server = createServer(async ({ url = "/" }, response) => {
  const beside = /^\/[\w.-]+$/.test(url) ? join(dirname(ort), url) : ""; // its wasm
  if (url === "/") return response.setHeader("content-type", "text/html").end("<!doctype html>");
  const [path, type] = files[url] ?? [
    beside,
    url.endsWith(".wasm") ? "application/wasm" : "text/javascript",
  ];
  const bytes = await readFile(path).catch(() => undefined);
  response.statusCode = bytes ? 200 : 404;
  response.setHeader("content-type", type).end(bytes);
}).listen(0, "127.0.0.1");

const browser = await puppeteer.launch({
  executablePath: process.env.RETHINK_CHROMIUM || "/usr/bin/chromium",
  protocolTimeout: 600_000,
  args: [
    ...["--no-sandbox", "--disable-background-networking", "--enable-unsafe-webgpu"],
    ...["--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"],
  ],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  // As text: the page has its own types, and no bundler is to rewrite it.
  const logits = (await page.evaluate(`(async () => {
    if (!(await navigator.gpu?.requestAdapter())) throw new Error("Error: Chromium has no WebGPU adapter here");
    const ort = await import("/ort.mjs");
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = "/";
    const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
    const session = await ort.InferenceSession.create(await bytes("/model"), { executionProviders: ["webgpu"] });
    const images = await bytes("/images");
    const logits = [];
    for (let at = 0; at < images.length; at += 307200) {
      const input = new ort.Tensor("uint8", images.slice(at, at + 307200), [100, 3, 32, 32]);
      logits.push(...(await (await session.run({ images: input })).logits.getData()));
    }
    return logits;
  })()`)) as number[];
  await writeFile(out, new Uint8Array(Float32Array.from(logits).buffer));
  console.log(`onnxruntime-web WebGPU, ${await browser.version()}`);
} finally {
  await browser.close();
  server.close();
}
