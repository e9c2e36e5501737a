/** The worker behind the auditor's page: accepts files, deals shards to evaluators, decides claims. */
import { type Claim, checkpointsOf } from "../../claims/claim.ts";
import { CLAIMS } from "../../claims/claims.ts";
import { bearingOn } from "../../claims/seeds.ts";
import { sha256Hex } from "../../datasets/digest.ts";
import { keepBlocks } from "../../datasets/cifar10.ts";
import { InputError, MismatchError } from "../../datasets/storage.ts";
import { readFixture } from "../../evaluation/published.ts";
import { canonicalDigest } from "../../recipe.ts";
import { verifyClaims } from "../../verification/verify-claims.ts";
import { planWork, shardCount } from "../../verification/work.ts";
import { accept, wrongAmong } from "../audit/accept.ts";
import { account } from "../audit/account.ts";
import { DATASET_FILES } from "../audit/addresses.ts";
import { type Evaluator, evaluatorAt } from "../audit/evaluators.ts";
import { createGate } from "../audit/gate.ts";
import type { Choice, FromAuditor, ToAuditor } from "../audit/messages.ts";
import { storageOf } from "../audit/sources.ts";
import { type Options, workerVerifier } from "../audit/verifier.ts";

keepBlocks(2); // it counts, and reads each once

const kept: Options["kept"] = new Map();
const gate = createGate();
let stop = new AbortController();

function tell(message: FromAuditor): void {
  postMessage(message);
}

async function fetchBytes(address: URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  if (!response.ok) throw new InputError(`${address.pathname}: status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The claims to decide, and the checkpoints that bear on them and are published: every seed's where all is wanted. */
function plan({ kind, id, published, shards }: Choice): { claims: Claim[]; checkpoints: string[] } {
  const there = (one: string) => published.includes(one);
  const claims = CLAIMS.filter((claim) =>
    kind === "claim" ? claim.id === id : bearingOn(claim, there).join() === id,
  );
  const needed = (claim: Claim) =>
    shards === "all" ? bearingOn(claim, there) : checkpointsOf(claim);
  const wanted = kind === "claim" ? claims.flatMap(needed) : [id];
  const checkpoints = [...new Set(wanted)].filter((one) => published.includes(one));
  if (checkpoints.length === 0) throw new InputError(`nothing that bears on ${id} is published`);
  return { claims, checkpoints };
}

/** Whether all files of the dataset were given: then it costs little to count everything. */
function hasDataset(files: ReadonlyMap<string, Blob>, dataset: string): boolean {
  return DATASET_FILES.filter(({ path }) => path.startsWith(`${dataset}/`)).every(({ path }) =>
    files.has(path),
  );
}

/** @returns the version of the runtime in them. */
async function startAll(evaluators: Evaluator[], wasm: Uint8Array<ArrayBuffer>): Promise<string> {
  const answers = await Promise.all(evaluators.map(({ ask }) => ask({ kind: "start", wasm })));
  return answers.map((answer) => ("version" in answer ? answer.version : ""))[0] ?? "";
}

async function audit(choice: Choice, evaluators: Evaluator[]): Promise<void> {
  const started = performance.now();
  tell({ kind: "stage", text: "reading the files" });
  const { list: given, taken: files } = await accept(choice.files);
  tell({ kind: "accepted", files: given }); // some may have changed on the disk
  const sources = { root: choice.root, files };
  const project = storageOf(sources);
  const { claims, checkpoints } = plan(choice);
  const { published } = choice;
  const fixtures = await Promise.all(checkpoints.map((id) => readFixture(project, id)));
  const datasets = fixtures.map(({ view }) => view.dataset);
  const wrong = wrongAmong(given, datasets);
  if (wrong) throw new MismatchError(`${wrong.name}: ${wrong.refused}`);
  const sampling = { shards: choice.shards, seed: choice.seed };
  const shards = shardCount(await planWork(project, checkpoints, sampling, "wasm"));
  const workers = evaluators.length;
  tell({ kind: "planned", checkpoints, shards, workers });
  tell({ kind: "stage", text: "fetching the runtime" });
  const wasm = await fetchBytes(new URL("assets/ort-wasm-simd-threaded.wasm", choice.root));
  const whole = choice.shards === "all" || datasets.every((dataset) => hasDataset(files, dataset));
  const version = await startAll(evaluators, wasm);
  const verifier = workerVerifier({
    evaluators,
    version,
    sources,
    kept,
    gate,
    counting: whole,
    onStage: (text) => tell({ kind: "stage", text }),
    onDigests: (checkpoint, split, comparison, digests) =>
      tell({ kind: "shard", checkpoint, split, comparison, digests }),
  });
  const { signal } = stop;
  const report = await verifyClaims({
    verifier,
    project,
    claims,
    checkpoints,
    published,
    sampling,
    signal,
  });
  const wasmSha256 = await sha256Hex(wasm);
  const publishedWasm = fixtures.flatMap(({ runtime }) => runtime.wasm?.wasmSha256 ?? []);
  const told = account({ report, given, wasmSha256, publishedWasm });
  const seconds = (performance.now() - started) / 1000;
  const digest = await canonicalDigest(report);
  tell({ kind: "done", audit: { report, digest, wasmSha256, given, ...told, seconds, workers } });
}

async function start(choice: Choice, ports: MessagePort[]): Promise<void> {
  stop = new AbortController();
  gate.open();
  const { signal } = stop;
  try {
    await audit(choice, ports.map(evaluatorAt));
  } catch (error) {
    if (signal.aborted) return tell({ kind: "stopped" });
    const message = error instanceof Error ? error.message : String(error);
    tell({ kind: "failed", mismatch: error instanceof MismatchError, message });
  }
}

globalThis.onmessage = async ({ data }: MessageEvent<ToAuditor>) => {
  switch (data.kind) {
    case "accept":
      tell({ kind: "accepted", files: (await accept(data.files)).list });
      break;
    case "start":
      await start(data.choice, data.ports);
      break;
    case "pause":
      gate.hold();
      break;
    case "go-on":
      gate.open();
      break;
    case "stop":
      stop.abort();
      gate.open();
      break;
    default:
      throw data satisfies never;
  }
};
