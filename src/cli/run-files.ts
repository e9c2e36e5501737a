/** Which files a run of `verify` or `merge` reads, and which it writes, by its options. */
import { join } from "node:path";
import { HOME } from "../local/project.ts";
import type { Source } from "./outputs.ts";
import { filesOf, type ReportOption } from "./reports/report-option.ts";

export interface RunFiles {
  report?: ReportOption[];
  writeExpect?: string | undefined;
  receipt?: string | undefined;
  expect?: string | undefined;
  /** Networks and claims that are not the paper's. */
  pack?: string | undefined;
  from?: string | undefined;
  /** Of parts that are merged. */
  folders?: string[];
}

export function writtenBy({ report = [], writeExpect, receipt }: RunFiles): string[] {
  return [...filesOf(report), writeExpect, receipt].filter((file) => file !== undefined);
}

/** Models and datasets, whoever's folder they are in. */
const DATA = /\.(?:onnx|bin)$|-ubyte$/;

/** A report in a folder of parts would be taken for one the next time. */
const PARTS = /\.json$/;

export function readBy({ expect, pack, from, folders = [] }: RunFiles): Source[] {
  const { RETHINK_PACK, RETHINK_MODELS, RETHINK_CIFAR10, RETHINK_MNIST } = process.env;
  const root = pack ?? (RETHINK_PACK || HOME);
  const data = [from, RETHINK_MODELS, RETHINK_CIFAR10, RETHINK_MNIST].filter(Boolean) as string[];
  return [
    ...(expect === undefined ? [] : [{ path: expect }]),
    { path: join(root, "claims.json") },
    ...["models", "fixtures"].map((name) => ({ path: join(root, name), inside: /./ })),
    ...data.map((path) => ({ path, inside: DATA })),
    ...folders.map((path) => ({ path, inside: PARTS })),
  ];
}
