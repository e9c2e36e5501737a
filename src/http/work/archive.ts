/**
 * All that an auditor needs of a checkpoint in one ZIP: laid out as in the
 * repository, stored without compression, dated 1980, so that the same files
 * give the same bytes and a range of it is cheap.
 */
import { type Zippable, zipSync } from "fflate";
import { LRUCache } from "lru-cache";
import { OFFICIAL_SHA256 } from "../../datasets/cifar10.ts";
import { sha256Hex } from "../../datasets/digest.ts";
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import type { Fixture } from "../../evaluation/fixture.ts";
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
  for (const path of [`models/${id}/README.md`, AUDIT, FORMATS, CLAIMS]) {
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
  const shared = sharedWork<Archive>();
  return async (checkpoint: Checkpoint): Promise<Archive> => {
    const files = await contents(service, checkpoint);
    const key = JSON.stringify(Object.entries(files).map(([path, { sha256 }]) => [path, sha256]));
    const known = made.get(key);
    if (known) return known;
    return await shared(key, async () => {
      const bytes = zip(checkpoint.id, files);
      const archive = { bytes, sha256: await sha256Hex(bytes) };
      made.set(key, archive);
      return archive;
    });
  };
}
