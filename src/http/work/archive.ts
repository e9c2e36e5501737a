/**
 * All that an auditor needs of a checkpoint in one ZIP: laid out as in the
 * repository, stored without compression, dated 1980, so that the same files
 * give the same bytes and a range of it is cheap.
 */
import { type Zippable, zipSync } from "fflate";
import { LRUCache } from "lru-cache";
import pLimit from "p-limit";
import { OFFICIAL_SHA256 } from "../../datasets/cifar10.ts";
import { sha256Hex } from "../../datasets/digest.ts";
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import type { Fixture } from "../../evaluation/fixture.ts";
import { inFlight } from "../answers/in-flight.ts";
import { fileOf, modelOf, publishedFile, publishedFixture, type Service } from "../service.ts";
import { sharedWork } from "./shared-work.ts";

export interface Archive {
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
}

/** Paths with what lies there. */
type Files = Record<string, { bytes: Uint8Array<ArrayBuffer>; sha256: string }>;

const AUDIT = "scripts/audit.py";
const FORMATS = "fixtures/README.md";
const CLAIMS = "fixtures/claims.json";
const ARCHIVE_BYTES = 32 * 2 ** 20;

function readme(id: string, { sha256, splits, gap }: Fixture, audit: boolean): string {
  const { train, test } = splits;
  const how = `
    pip install numpy onnxruntime
    python ${AUDIT} models/${id}/model.onnx fixtures/${id}.json CIFAR10_FOLDER

CIFAR10_FOLDER holds the official binary files, those of
https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz, with these SHA-256:

${Object.entries(OFFICIAL_SHA256)
  .map(([name, digest]) => `    ${digest}  ${name}`)
  .join("\n")}
`;
  return `# ${id}

A checkpoint of Rethink, with what is claimed of it:

- train ${train.correct}/${train.total} on the labels that it was trained on, test ${test.correct}/${test.total}
- gap ${gap.numerator}/${gap.denominator} = ${gap.decimal}
- model.onnx has SHA-256 ${sha256}

The recipe is in models/${id}/checkpoint.json, the training in history.json beside
it, every count in fixtures/${id}.json, and each predicted class, one byte an
example, in fixtures/predictions. ${FORMATS} says how labels, digests and
verdicts are made, ${CLAIMS} what is claimed and what decides it.
${audit ? `\nTo recompute all of it with none of Rethink's code:\n${how}` : ""}`;
}

function pathsOf(id: string, { splits }: Fixture) {
  const predictions = Object.values(splits).map((split) => `fixtures/${split.predictions.file}`);
  const own = ["model.onnx", "history.json", "checkpoint.json"].map((n) => `models/${id}/${n}`);
  return {
    needed: [...own, `fixtures/${id}.json`, ...predictions],
    optional: [`models/${id}/README.md`, AUDIT, FORMATS, CLAIMS],
  };
}

/** Tells archives apart without reading what goes into them; undefined where nothing can tell. */
async function versionsOf(service: Service, checkpoint: Checkpoint): Promise<string | undefined> {
  const { project } = service;
  const fixture = await publishedFixture(service, checkpoint);
  const { needed, optional } = pathsOf(checkpoint.id, fixture);
  const versions = await Promise.all([
    ...needed.map((path) => project.version(path)),
    ...optional.map(async (path) =>
      (await project.exists(path)) ? await project.version(path) : "none",
    ),
  ]);
  return versions.includes(undefined) ? undefined : JSON.stringify([checkpoint.id, ...versions]);
}

/** What goes into the archive, by path, with the digests checked that are published. */
async function contents(service: Service, checkpoint: Checkpoint): Promise<Files> {
  const { id, model, history } = checkpoint;
  const fixture = await publishedFixture(service, checkpoint);
  const files: Files = {};
  files[`models/${id}/model.onnx`] = {
    bytes: await modelOf(service, checkpoint),
    sha256: model.sha256,
  };
  for (const { predictions } of Object.values(fixture.splits)) {
    const { file, sha256 } = predictions;
    const path = `fixtures/${file}`;
    files[path] = { bytes: await publishedFile(service, path, sha256), sha256 };
  }
  const log = `models/${id}/history.json`;
  files[log] = {
    bytes: await publishedFile(service, log, history.sha256),
    sha256: history.sha256,
  };
  for (const path of [`models/${id}/checkpoint.json`, `fixtures/${id}.json`]) {
    files[path] = await fileOf(service, path);
  }
  for (const path of pathsOf(id, fixture).optional) {
    if (await service.project.exists(path)) files[path] = await fileOf(service, path);
  }
  const text = new TextEncoder().encode(readme(id, fixture, AUDIT in files));
  files["README.md"] = { bytes: text, sha256: await sha256Hex(text) };
  return files;
}

function zip(folder: string, files: Files): Uint8Array<ArrayBuffer> {
  const mtime = new Date(1980, 0, 1); // ZIP has local time: this is the same bytes in every zone
  const entries: Zippable = {};
  for (const path of Object.keys(files).sort()) {
    entries[`${folder}/${path}`] = files[path]?.bytes as Uint8Array;
  }
  return zipSync(entries, { level: 0, mtime }) as Uint8Array<ArrayBuffer>;
}

/** Makes archives and remembers the last ones by what they hold. */
export function createArchives(service: Service) {
  const made = new LRUCache<string, Archive>({
    maxSize: ARCHIVE_BYTES,
    sizeCalculation: ({ bytes }) => bytes.length,
  });
  const digests = new LRUCache<string, string>({ max: 1000 });
  const shared = sharedWork<Archive>();
  const oneByOne = pLimit(1); // each is held whole with all that goes into it

  async function make(checkpoint: Checkpoint, key: string): Promise<Archive> {
    const bytes = zip(checkpoint.id, await contents(service, checkpoint));
    const archive = { bytes, sha256: await sha256Hex(bytes) };
    if (key === "") return archive;
    made.set(key, archive);
    digests.set(key, archive.sha256);
    return archive;
  }

  return async (checkpoint: Checkpoint): Promise<Archive> => {
    const key = await versionsOf(service, checkpoint);
    if (key === undefined) return await oneByOne(() => make(checkpoint, ""));
    const known = made.get(key);
    if (known) return known;
    const sha256 = digests.get(key) ?? "";
    const sent = inFlight(sha256);
    if (sent) return { bytes: sent, sha256 };
    return await shared(key, () => oneByOne(() => make(checkpoint, key)));
  };
}
