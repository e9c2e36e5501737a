/** The Worker with its files in R2 or KV, and answers in the platform's cache, as miniflare simulates them. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WASM } from "../../../scripts/deploy/bundle.ts";
import { buildWorker } from "../../../scripts/deploy/workers/build.ts";
import { MANIFEST } from "../../../src/datasets/manifest.ts";
import { sha256Hex } from "../../../src/datasets/digest.ts";
import { readManifest } from "../../../src/local/publish.ts";
import {
  BLOCK,
  EVALUATION,
  MODEL,
  NET,
  publishedDigest,
  publishSmall,
} from "../../small-origin.ts";

type Flare = InstanceType<typeof import("miniflare").Miniflare>;

interface Store {
  put(key: string, value: ArrayBuffer): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(path));
}

if ("Deno" in globalThis) {
  console.log("skipped: R2 and KV: the same workerd, started under Node");
} else {
  const { Miniflare } = await import("miniflare");
  const scratch = await mkdtemp(join(tmpdir(), "rethink-"));
  test.after(() => rm(scratch, { recursive: true }));
  const worker = await buildWorker(join(scratch, "worker"));
  const files = join(scratch, "origin");
  await publishSmall(files);
  const digest = await publishedDigest();

  const kinds = {
    "an R2 bucket": {
      binding: { r2Buckets: ["BUCKET"] },
      store: async (flare: Flare) => (await flare.getR2Bucket("BUCKET")) as unknown as Store,
    },
    "a KV namespace": {
      binding: { kvNamespaces: ["KV"] },
      store: async (flare: Flare) => (await flare.getKVNamespace("KV")) as unknown as Store,
    },
  };
  for (const [name, { binding, store: storeOf }] of Object.entries(kinds)) {
    test(`${name} holds the files, and the platform's cache the answers`, async () => {
      const options = {
        modules: [
          { type: "ESModule" as const, path: join(worker, "worker.js") },
          { type: "CompiledWasm" as const, path: join(worker, WASM) },
        ],
        modulesRoot: worker,
        compatibilityDate: "2026-04-01",
        bindings: { RETHINK_LOG: "errors" },
        ...binding,
      };
      const flare = new Miniflare(options);
      try {
        const origin = `${await flare.ready}`.replace(/\/$/, "");
        const ask = (path: string, init?: RequestInit) => fetch(origin + path, init);
        const store = await storeOf(flare);
        const put = async (path: string, bytes: Uint8Array<ArrayBuffer>) =>
          await store.put(path, bytes.buffer);
        for (const path of [...Object.keys((await readManifest(files))?.files ?? {}), MANIFEST]) {
          await put(path, await bytesOf(join(files, path)));
        }
        const answer = await (await ask(EVALUATION)).json();
        assert.is(answer.logitsSha256, digest);
        const part = await ask(`/v1/checkpoints/${NET}/model.onnx`, {
          headers: { Range: "bytes=1000-1999" },
        });
        const model = await bytesOf(join(files, MODEL));
        const bytes = new Uint8Array(await part.arrayBuffer());
        assert.is(part.status, 206);
        assert.is(await sha256Hex(bytes), await sha256Hex(model.slice(1000, 2000)));
        assert.is((await ask("/v1/checkpoints/alexnet.true")).status, 404);

        // An isolate that knows nothing: a changed model is a problem, and an answer is still kept.
        model[500] = (model[500] as number) ^ 1;
        await put(MODEL, model);
        await store.delete(BLOCK);
        await flare.setOptions({ ...options, bindings: { RETHINK_LOG: "errors", ANEW: "1" } });
        const again = `${await flare.ready}`.replace(/\/$/, "");
        assert.equal(await (await fetch(again + EVALUATION)).json(), answer);
        const refused = await fetch(`${again}/v1/checkpoints/${NET}/model.onnx`);
        assert.is(refused.status, 503);
        assert.is((await refused.json()).type, "/problems/data-unavailable");
      } finally {
        await flare.dispose();
      }
    });
  }
}

test.run();
