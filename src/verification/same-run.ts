/** Whether records are the parts of one run: of the same work, all of it, nothing twice. */
import { SPLITS } from "../datasets/cifar10.ts";
import { InputError } from "../datasets/storage.ts";
import { canonicalForm } from "../recipe.ts";
import type { RunRecord } from "./record.ts";
import { isUncompared } from "./report.ts";
import type { WorkItem } from "./work.ts";

/** A part's record that did not end before its time. */
export type PartRecord = RunRecord &
  Required<Pick<RunRecord, "runtime" | "sampling" | "asked" | "part">>;

export interface NamedRecord {
  /** For a person. */
  file: string;
  record: RunRecord;
}

export interface NamedPart {
  file: string;
  record: PartRecord;
}

/** A property that parts must have in common, as people call it. */
type Common = [what: string, of: (record: PartRecord) => unknown];

const COMMON: Common[] = [
  ["version of Rethink", ({ rethink }) => rethink],
  ["runtime", ({ runtime: { name } }) => name],
  ["server", ({ server = "none" }) => server],
  ["number of parts", ({ part }) => part.of],
  ["sampling", ({ sampling }) => sampling],
  ["claims", ({ claims }) => claims.map(({ id }) => id)],
  ["checkpoints", ({ asked }) => asked.checkpoints],
  ["published checkpoints", ({ asked }) => asked.published],
  ["choice of claims", ({ asked }) => [asked.all, asked.guarded]],
];

/** @throws InputError unless it is a part that came to its end */
export function asPart({ file, record }: NamedRecord): NamedPart {
  if (record.error !== undefined)
    throw new InputError(`${file} did not come to its end: ${record.error}; run that part again`);
  if (!record.part) throw new InputError(`${file} is no part of a run; verify --part makes one`);
  return { file, record: record as PartRecord };
}

const VERSION: Common = [
  "version of the runtime",
  ({ runtime: { package: from, version } }) => `${from} ${version}`,
];

/** A part to which no shard fell knows of no server what it runs. */
export function ranSomething({ record }: NamedPart): boolean {
  return record.runtime.version !== "";
}

function assertSame([first, ...others]: NamedPart[], [what, of]: Common): void {
  const text = (value: unknown) => new TextDecoder().decode(canonicalForm(value));
  const a = first && text(of(first.record));
  for (const { file, record } of others) {
    const b = text(of(record));
    if (a !== b)
      throw new InputError(`${file} has another ${what} than ${first?.file}: ${b}, not ${a}`);
  }
}

export function assertCommon(parts: NamedPart[]): void {
  for (const common of COMMON) assertSame(parts, common);
  assertSame(parts.filter(ranSomething), VERSION);
}

export function assertEachOnce(parts: [NamedPart, ...NamedPart[]]): void {
  const { of } = parts[0].record.part;
  const numbers = Array.from({ length: of }, (_, k) => k + 1);
  const own = (n: number) => parts.filter(({ record }) => record.part.part === n);
  const twice = numbers.find((n) => own(n).length > 1);
  if (twice !== undefined) {
    const files = own(twice).map(({ file }) => file);
    throw new InputError(`part ${twice} of ${of} is there more than once: ${files.join(", ")}`);
  }
  const missing = numbers.filter((n) => own(n).length === 0);
  if (missing.length > 0)
    throw new InputError(`of ${of} parts these are missing: ${missing.join(", ")}`);
}

function keyOf(item: WorkItem): string {
  if (item.kind === "counts") return `the counting of ${item.checkpoint}`;
  return `${item.checkpoint} ${item.split} ${item.start} to ${item.end}`;
}

/** What a part says that it did. */
function doneBy({ record }: NamedPart): string[] {
  const counted = record.part.counts.map((id) => `the counting of ${id}`);
  const shards = record.checkpoints.flatMap((report) =>
    isUncompared(report)
      ? []
      : SPLITS.flatMap((split) =>
          report.splits[split].map(
            ({ start, end }) => `${report.checkpoint} ${split} ${start} to ${end}`,
          ),
        ),
  );
  return [...counted, ...shards];
}

/** @throws InputError unless the parts did all of the work, and nothing of it twice */
export function assertWorkDone(parts: NamedPart[], work: WorkItem[], exempt: Set<string>): void {
  const by = new Map<string, string>();
  for (const part of parts) {
    for (const key of doneBy(part)) {
      const other = by.get(key);
      if (other) throw new InputError(`${key} is in both ${other} and ${part.file}`);
      by.set(key, part.file);
    }
  }
  const wanted = work.filter(({ checkpoint }) => !exempt.has(checkpoint)).map(keyOf);
  const gap = wanted.find((key) => !by.has(key));
  if (gap) throw new InputError(`${gap} is in none of the parts`);
}
