/** `evaluate FILE.onnx`: a network of one's own under the same rules. */
import { basename, dirname, extname, join } from "node:path";
import { readFile } from "node:fs/promises";
import { SPLITS, type Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError } from "../datasets/storage.ts";
import { type View, viewSize } from "../datasets/view.ts";
import type { PartialFixture } from "../evaluation/fixture.ts";
import { givenCheckpoint } from "../evaluation/given.ts";
import { publishSplits, type Runtimes } from "../evaluation/publish.ts";
import { predictionsFile } from "../evaluation/project.ts";
import { onCores } from "../evaluation/runtimes/cores.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { percent } from "../fraction.ts";
import { asPublished } from "../onnx/foreign.ts";
import { openDataset } from "../local/dataset.ts";
import { writeWhole } from "../local/folder.ts";
import { wasmFile } from "../npm/onnxruntime-web.ts";
import { print, printError } from "../print.ts";
import { sortedJson } from "../sorted-json.ts";
import { columns } from "./columns.ts";
import { checkOutputs } from "./outputs.ts";
import { openProgress } from "./progress.ts";

export interface EvaluateOptions {
  data: View;
  split: Split | "both";
  runtime: RuntimeName | "both";
  fixture?: string;
  json?: boolean;
  reference: number;
  scale?: number;
  mean?: number[];
  deviation?: number[];
  layout?: "NCHW" | "NHWC";
  crop?: number;
}

export async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new InputError(`cannot read ${path} (${(error as NodeJS.ErrnoException).code})`);
  }
}

export function countsOf({ splits, gap, runtime }: PartialFixture): string {
  const alone = !(runtime.native && runtime.wasm);
  const certificate = (fragile: number[]) => {
    if (alone) return "not certified";
    return fragile.length === 0 ? "certified" : `${fragile.length} fragile`;
  };
  const rows = Object.entries(splits).map(([split, { total, correct, margin, predictions }]) => [
    split,
    `${correct}/${total}`,
    `${percent([correct, total])} %`,
    `margin ≥ ${margin.min.toPrecision(3)}`,
    certificate(margin.fragile),
    predictions.sha256,
  ]);
  const { train } = splits;
  const lines = [
    columns([
      ["split", "correct", "", "first less second logit", "", "SHA-256 of predictions"],
      ...rows,
    ]),
    ...(train && train.correctOnTrueLabels !== train.correct
      ? [`train on true labels: ${train.correctOnTrueLabels}/${train.total}`]
      : []),
    ...(gap ? [`gap ${gap.numerator}/${gap.denominator} = ${gap.decimal}`] : []),
    ...(alone ? [notChecked(runtime)] : []),
  ];
  return lines.join("\n");
}

/** What one runtime alone leaves open. */
function notChecked({ native }: PartialFixture["runtime"]): string {
  return native
    ? "not checked: onnxruntime-web, so no logits are kept bit for bit, nor how far another runtime may be"
    : "not checked: onnxruntime-node, so not how far another runtime may be";
}

/** What is to run it; one that is missing here is gone without where both were wanted. */
async function runtimesOf(wanted: EvaluateOptions["runtime"]) {
  const runtimes: Runtimes = {};
  let stop = () => {};
  if (wanted !== "wasm") {
    try {
      runtimes.native = await openRuntime("native");
    } catch (error) {
      if (wanted === "native" || !(error instanceof InputError)) throw error;
      printError(`rethink: ${error.message}`);
    }
  }
  if (wanted !== "native") {
    const wasm = onCores(await openRuntime("wasm"));
    stop = wasm.stop;
    runtimes.wasm = { ...wasm, wasmSha256: await sha256Hex(await bytesOf(wasmFile())) };
  }
  return { runtimes, stop };
}

/** What a network is called, after its fixture, where one is written, or else the model's file. */
function nameOf(path: string, to?: string): string {
  const name = basename(to ?? path, extname(to ?? path));
  if (to === undefined || /^[\w-][\w.-]*$/.test(name)) return name;
  throw new InputError(`${basename(to)} cannot name a network: letters, digits, . _ and - can`);
}

/** @throws InputError that says in a line what is wrong with the file. */
export async function evaluateFile(path: string, options: EvaluateOptions): Promise<void> {
  const { data: view, split, runtime, fixture: to, json, reference, ...given } = options;
  const checkpoint = nameOf(path, to);
  const model = await bytesOf(path);
  const splits: Split[] = split === "both" ? [...SPLITS] : [split];
  const predictionsPath = (one: Split) => join(dirname(to ?? ""), predictionsFile(checkpoint, one));
  await checkOutputs(to ? [to, ...splits.map(predictionsPath)] : [], [{ path }]);
  const preprocessing = Object.keys(given).length > 0 ? { preprocessing: given } : {};
  const about = { checkpoint, sha256: await sha256Hex(model), view, ...preprocessing };
  const network = await givenCheckpoint(about, model);
  asPublished(model, given); // what is wrong with the file is said before the dataset is fetched
  const dataset = await openDataset(view.dataset);
  const { runtimes, stop } = await runtimesOf(runtime);
  const progress = openProgress();
  progress.start(splits.reduce((sum, one) => sum + Math.ceil(viewSize(view, one) / 1000), 0));
  const covers = (size: number) => Math.min(size, reference);
  const { fixture, predictions } = await publishSplits(
    dataset,
    network,
    model,
    runtimes,
    splits,
    covers,
    () => progress.shard(checkpoint),
  ).finally(() => {
    progress.stop();
    stop();
  });
  print(
    json
      ? JSON.stringify(fixture, null, 1)
      : `${countsOf(fixture)}\nmodel has SHA-256 ${fixture.sha256}`,
  );
  if (!to) return;
  for (const one of splits) await writeWhole(predictionsPath(one), predictions[one]);
  await writeWhole(to, sortedJson(fixture));
}
