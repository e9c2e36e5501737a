/**
 * The Lambda function with its runtime on this machine: sizes, time from its start to the first
 * answer and to the first evaluation, with onnxruntime-node in the bundle and without.
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { CACHE } from "../../src/local/dataset.ts";
import { publishInto } from "../../src/local/publish.ts";
import { publishedFiles } from "../../src/local/published-files.ts";
import { buildLambda } from "../deploy/lambda/build.ts";
import { startLambda } from "../deploy/lambda/local.ts";
import { configured, startNginx } from "../nginx.ts";

const EVALUATION = "/v1/checkpoints/mlp-1x512.true/evaluations/test?end=1000";
const URL_DOMAIN = "abc123.lambda-url.us-east-1.on.aws";
const MB = 1e6;

async function measure(name: string, native: "x64" | undefined, folder: string, origin: string) {
  const { folder: built, zip, unpacked } = await buildLambda({ folder, native });
  const environment = { RETHINK_ORIGIN: origin, RETHINK_LOG: "errors" };
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(2);
  const { ask, end } = await startLambda(built, "index.streaming", URL_DOMAIN, environment);
  try {
    const first = await ask("/v1/claims/theorem-1");
    const ready = seconds();
    const evaluated = await ask(EVALUATION);
    const { runtime } = await evaluated.json();
    console.log(
      `Lambda, ${name}: zip ${((await stat(zip)).size / MB).toFixed(0)} MB, unpacked ${(unpacked / MB).toFixed(0)} MB; a claim (${first.status}) ${ready} s after the start, 1,000 images by ${runtime.package} (${evaluated.status}) after ${seconds()} s`,
    );
  } finally {
    await end();
  }
}

export async function benchLambda(): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "rethink-bench-"));
  const files = join(CACHE, "origin");
  await publishInto(files, publishedFiles());
  const host = await startNginx((port) =>
    configured(`server { listen 127.0.0.1:${port}; root ${files}; }`),
  );
  try {
    await measure("wasm alone", undefined, join(scratch, "wasm"), host.origin);
    await measure("with onnxruntime-node", "x64", join(scratch, "native"), host.origin);
  } finally {
    await host.end();
    await rm(scratch, { recursive: true });
  }
}
