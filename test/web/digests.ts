/** The logits of a few images, as Node has them and as a page's own worker does. */
import type { Page } from "puppeteer-core";
import { logitsDigest } from "../../src/evaluation/compare.ts";
import { evaluate, type Range } from "../../src/evaluation/evaluate.ts";
import { loadModel } from "../../src/evaluation/external.ts";
import { readPublished } from "../../src/evaluation/published.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";

const RANGE: Range = { start: 0, end: 100 };

/** That Node gives what is published other tests show. */
export async function digestHere(id: string): Promise<string> {
  const storage = await openDataset();
  const { model, checkpoint } = await readPublished(project, id);
  const session = await loadModel(await openRuntime("wasm"), storage, checkpoint, model);
  try {
    const { view } = checkpoint.recipe;
    for await (const { logits } of evaluate(storage, view, session, "test", [RANGE]))
      return await logitsDigest(logits);
    throw new Error("nothing was evaluated");
  } finally {
    await session.close();
  }
}

async function evaluated(id: string, range: Range): Promise<string> {
  const root = new URL(document.documentElement.dataset.root ?? "", location.href).href;
  const bytes = async (path: string) =>
    new Uint8Array(await (await fetch(new URL(path, root))).arrayBuffer());
  const model = await bytes(`v1/checkpoints/${id}/model.onnx`);
  const wasm = await bytes("assets/ort-wasm-simd-threaded.wasm");
  const response = await fetch(new URL(`v1/checkpoints/${id}/checkpoint.json`, root));
  const checkpoint = await response.json();
  const worker = new Worker(new URL("assets/evaluator.js", root), { type: "module" });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(undefined, [port2]);
  const ask = (question: object) =>
    new Promise<{ result?: { logitsSha256: string }; error?: string }>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
      port1.postMessage({ ...question, id: 0 });
    });
  const sources = { root, files: new Map() };
  await ask({ kind: "start", wasm });
  await ask({ kind: "open", model, checkpoint, sources });
  const { view } = checkpoint.recipe;
  const { result, error } = await ask({ kind: "evaluate", sources, view, split: "test", range });
  worker.terminate();
  return result?.logitsSha256 ?? error ?? "";
}

/** In the page's own worker, from the page's own host. */
export async function digestThere(page: Page, id: string): Promise<string> {
  await page.evaluate("globalThis.__name = (named) => named"); // of the compiler's of these tests
  return await page.evaluate(evaluated, id, RANGE);
}
