/** `evaluate FILE.onnx`, and `verify --model FILE.onnx --fixture FILE`: one's own network under the same rules. */
import { readFile } from "node:fs/promises";
import { SingleBar } from "cli-progress";
import type { Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError } from "../datasets/storage.ts";
import { type View, viewSize } from "../datasets/view.ts";
import { evaluateForeign, verifyForeign } from "../evaluation/foreign.ts";
import { type Foreign, parseForeign } from "../evaluation/foreign-fixture.ts";
import { onCores } from "../evaluation/runtimes/cores.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { type Sampling, worst } from "../evaluation/verify.ts";
import { percent } from "../fraction.ts";
import { openDataset } from "../local/dataset.ts";
import { checkWritable, writeWhole } from "../local/folder.ts";
import { wasmFile } from "../npm/onnxruntime-web.ts";
import { sortedJson } from "../sorted-json.ts";
import { columns } from "./columns.ts";
import { print } from "../print.ts";

export interface EvaluateOptions {
  data: View;
  split: Split | "both";
  fixture?: string;
  json?: boolean;
  reference: number;
  scale?: number;
  mean?: number[];
  deviation?: number[];
  layout?: "NCHW" | "NHWC";
  crop?: number;
}

async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new InputError(`cannot read ${path} (${(error as NodeJS.ErrnoException).code})`);
  }
}

function countsOf({ splits, gap }: Foreign): string {
  const rows = Object.entries(splits).map(([split, { total, correct, margin, predictions }]) => [
    split,
    `${correct}/${total}`,
    `${percent([correct, total])} %`,
    `margin ≥ ${margin.min.toPrecision(3)}`,
    margin.fragile.length === 0 ? "certified" : `${margin.fragile.length} fragile`,
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
  ];
  return lines.join("\n");
}

/** @throws InputError that says in a line what is wrong with the file. */
export async function evaluateFile(path: string, options: EvaluateOptions): Promise<void> {
  const { data: view, split, fixture, json, reference, ...preprocessing } = options;
  const model = await bytesOf(path);
  if (fixture) await checkWritable(fixture);
  const splits: Split[] = split === "both" ? ["train", "test"] : [split];
  const [dataset, native] = [await openDataset(), await openRuntime("native")];
  const wasm = onCores(await openRuntime("wasm"));
  const wasmSha256 = await sha256Hex(await bytesOf(wasmFile()));
  const bar = new SingleBar({
    format: "{bar} {value}/{total} shards",
    stream: process.stderr,
    clearOnComplete: true,
  });
  bar.start(
    splits.reduce((sum, one) => sum + Math.ceil(viewSize(view, one) / 1000), 0),
    0,
  );
  const found = await evaluateForeign({
    dataset,
    model,
    preprocessing,
    view,
    splits,
    native,
    wasm: { ...wasm, wasmSha256 },
    reference,
    onShard: () => bar.increment(),
  }).finally(() => {
    bar.stop();
    wasm.stop();
  });
  if (fixture) await writeWhole(fixture, sortedJson(found));
  const { predictions: _, ...rest } = found;
  print(
    json ? JSON.stringify(rest, null, 1) : `${countsOf(found)}\nmodel has SHA-256 ${found.sha256}`,
  );
}

export interface VerifyFileOptions {
  model: string;
  fixture: string;
  runtime: RuntimeName;
  sampling: Sampling;
  json?: boolean;
}

/** Exit code 0 only if all that ran matched. */
export async function verifyFile(options: VerifyFileOptions): Promise<number> {
  const { model, fixture, runtime: name, sampling, json } = options;
  const found = parseForeign(new TextDecoder().decode(await bytesOf(fixture)), fixture);
  const bytes = await bytesOf(model);
  const [dataset, one] = [await openDataset(), await openRuntime(name)];
  const threads = name === "wasm" ? onCores(one) : undefined;
  const splits = await verifyForeign(
    dataset,
    bytes,
    found,
    threads ?? one,
    sampling,
    fixture,
  ).finally(() => threads?.stop());
  const all = Object.entries(splits).flatMap(([split, shards]) =>
    shards.map((s) => ({ split, ...s })),
  );
  const result = worst(all.map((shard) => shard.result));
  if (json) {
    const { package: from, version } = one;
    print(
      JSON.stringify(
        {
          sha256: found.sha256,
          runtime: { name, package: from, version },
          sampling,
          splits,
          result,
        },
        null,
        1,
      ),
    );
  } else {
    print(countsOf(found));
    for (const { split, start, end, recomputed, published, result, reason } of all) {
      const counts = `${recomputed} ${recomputed === published ? "=" : "≠"} ${published}`;
      print(`${split} ${start} to ${end}: ${counts}, ${result}${reason && `: ${reason}`}`);
    }
    print(`${one.package} ${one.version}, --seed ${sampling.seed}: ${result}`);
  }
  return result === "match" ? 0 : 1;
}
