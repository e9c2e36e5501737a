/** `verify --model FILE.onnx --fixture FILE`: a network that is in no pack, held to what `evaluate` wrote. */
import { dirname } from "node:path";
import { SPLITS, type Split } from "../datasets/cifar10.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { viewSize } from "../datasets/view.ts";
import { checkCounts } from "../evaluation/counts.ts";
import { type Fixture, parsePartialFixture } from "../evaluation/fixture.ts";
import { givenCheckpoint } from "../evaluation/given.ts";
import type { Published } from "../evaluation/published.ts";
import { checkDigest, readPublishedFile } from "../evaluation/published-file.ts";
import { onCores } from "../evaluation/runtimes/cores.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import { sampleShards, verifyCheckpoint } from "../evaluation/verify.ts";
import { openDataset } from "../local/dataset.ts";
import { folderStorage } from "../local/folder.ts";
import { print } from "../print.ts";
import { bytesOf, countsOf } from "./evaluate.ts";
import { exitCodeOf, messageOf, tellFailure } from "./failure.ts";
import type { VerifyOptions } from "./verify.ts";

export interface OwnModel {
  model?: string;
  fixture?: string;
}

const REMEDY = "rethink evaluate --fixture writes it anew";

function printJson(said: object): void {
  print(JSON.stringify(said, null, 1));
}

/** The network and all that its fixture says of it, every file held to its digest. */
async function readOwn(modelFile: string, fixtureFile: string) {
  const text = new TextDecoder().decode(await bytesOf(fixtureFile));
  const fixture = parsePartialFixture(text, fixtureFile);
  const model = await bytesOf(modelFile);
  const sha256 = await sha256Hex(model);
  if (sha256 !== fixture.sha256)
    throw new MismatchError(
      `${modelFile} has SHA-256 ${sha256}, and ${fixtureFile} is of ${fixture.sha256}`,
    );
  const files = folderStorage(dirname(fixtureFile), "it lies beside the fixture");
  const predictions: Published["predictions"] = {
    train: new Uint8Array(0),
    test: new Uint8Array(0),
  };
  for (const split of SPLITS) {
    const fields = fixture.splits[split];
    if (!fields) continue;
    const all = viewSize(fixture.view, split);
    if (fields.total !== all)
      throw new MismatchError(`${fixtureFile} counts ${fields.total} of ${split}'s ${all}`);
    const { file, sha256: digest } = fields.predictions;
    predictions[split] = await readPublishedFile(files, file, `it lies beside ${fixtureFile}`);
    await checkDigest(file, predictions[split], digest);
  }
  return { checkpoint: await givenCheckpoint(fixture, model), fixture, model, predictions };
}

async function run(options: VerifyOptions & OwnModel): Promise<0 | 1> {
  const { runtime: name, full, json, quiet } = options;
  if (!options.model || !options.fixture) throw new InputError("--model and --fixture go together");
  const own = await readOwn(options.model, options.fixture);
  const { fixture } = own;
  const seed = options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const sampling = { shards: full ? ("all" as const) : options.shards, seed };
  const [dataset, one] = [await openDataset(fixture.view.dataset), await openRuntime(name)];
  await checkCounts(dataset, own, undefined, { name: options.fixture, remedy: REMEDY });
  const drawn = (split: Split) => {
    const fields = fixture.splits[split];
    return fields ? sampleShards(fields, split, sampling, name) : [];
  };
  const shards = { train: drawn("train"), test: drawn("test") };
  const threads = name === "wasm" ? onCores(one) : undefined;
  // Of a split that is not there nothing is asked, nor is a history.
  const published = { ...own, fixture: fixture as Fixture, history: [], fixtureSha256: "" };
  const { splits, result } = await verifyCheckpoint(
    dataset,
    published,
    threads ?? one,
    shards,
  ).finally(() => threads?.stop());
  const { package: from, version } = one;
  const exitCode = result === "match" ? 0 : 1;
  if (json) {
    const ran = { runtime: { name, package: from, version }, sampling, splits, result };
    printJson({ exitCode, sha256: fixture.sha256, ...ran });
  } else {
    if (!quiet) print(countsOf(fixture));
    for (const split of SPLITS) {
      for (const { start, end, recomputed, published: said, result, reason } of splits[split]) {
        const counts = `${recomputed} ${recomputed === said ? "=" : "≠"} ${said}`;
        const line = `${split} ${start} to ${end}: ${counts}, ${result}${reason && `: ${reason}`}`;
        if (!quiet || result !== "match") print(line);
      }
    }
    print(`${from} ${version}, --seed ${seed}: ${result}`);
  }
  return exitCode;
}

/** Exit code 0 only if all that ran matched; JSON says in any case what it is, and why where it ended sooner. */
export async function verifyOwn(options: VerifyOptions & OwnModel): Promise<number> {
  return await run(options).catch((error: unknown) => {
    tellFailure(error);
    const exitCode = exitCodeOf(error);
    if (options.json) printJson({ exitCode, error: messageOf(error) });
    return exitCode;
  });
}
