/** `merge <folder>`: adds the reports of parts up, and decides the claims. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import * as v from "valibot";
import { InputError } from "../datasets/storage.ts";
import { parseAs } from "../evaluation/parse.ts";
import { openPack } from "../local/pack.ts";
import { merge } from "../verification/merge.ts";
import { claimsIn } from "../verification/pack.ts";
import type { NamedRecord } from "../verification/same-run.ts";
import { RECORD_VERSION, type RunRecord, RunRecordSchema } from "../verification/record.ts";
import { type DeliveryOptions, deliver, prepareDelivery } from "./deliver.ts";
import { tellFailure } from "./failure.ts";
import { neverBegan, type Ran, recordOf } from "./ran.ts";

const REMEDY = "run that part again, or take it out of the folder";

function parseRecord(text: string, file: string): RunRecord {
  const { version } = parseAs(v.looseObject({ version: v.number() }), text, file, REMEDY);
  if (version !== RECORD_VERSION)
    throw new InputError(`${file} is of version ${version}, this reads ${RECORD_VERSION}`);
  return parseAs(RunRecordSchema, text, file) as RunRecord;
}

/** @throws Error where it cannot be read, or is none: a pipe would be waited for. */
async function readWhole(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error();
  return await readFile(path, "utf8");
}

/** Every .json in a folder, in whatever folder of it: a job may have put each in one of its own. */
async function recordsIn(folder: string): Promise<NamedRecord[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    ({ code }) => {
      throw new InputError(`cannot read the folder ${folder} (${code})`);
    },
  );
  const files = entries
    .filter((entry) => entry.name.endsWith(".json") && !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  if (files.length === 0)
    throw new InputError(
      `${folder} holds no report of a part; verify --part --report json=FILE makes one`,
    );
  return await Promise.all(
    files.map(async (file) => {
      const text = await readWhole(join(folder, file)).catch(({ code = "it is no file" }) => {
        throw new InputError(`cannot read ${file} (${code}); ${REMEDY}`);
      });
      return { file, record: parseRecord(text, file) };
    }),
  );
}

async function run(folder: string, options: DeliveryOptions): Promise<Ran> {
  const expectation = await prepareDelivery(options);
  const pack = await openPack(options.pack);
  const merged = await merge(pack, claimsIn(pack), await recordsIn(folder));
  return { ...merged, ...(expectation && { expectation }) };
}

/** Prints and writes as `verify` does; the exit code is that of the whole run. */
export async function mergeReports(folder: string, given: DeliveryOptions): Promise<number> {
  const started = new Date();
  const options = { ...given, folders: [folder] };
  const ran = await run(folder, options).catch(neverBegan);
  const code = await deliver(recordOf(ran, started), ran.claims, options);
  if (ran.error !== undefined) tellFailure(ran.error);
  return code;
}
