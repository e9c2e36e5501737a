/** Parts of a run added up to the whole and decided as one; what does not add up is refused. */
import type { Claim } from "../claims/claim.ts";
import { InputError, MismatchError, type Storage } from "../datasets/storage.ts";
import { readDeciding } from "../evaluation/published.ts";
import { worst } from "../evaluation/compare.ts";
import { conclude, type Found } from "./conclude.ts";
import { evidenceOf, noEvidence } from "./evidence.ts";
import {
  type CheckpointReport,
  checkpointReport,
  isUncompared,
  type TolerantReport,
  type Uncompared,
} from "./report.ts";
import {
  asPart,
  assertCommon,
  assertEachOnce,
  assertWorkDone,
  type NamedPart,
  type NamedRecord,
  type PartRecord,
  ranSomething,
} from "./same-run.ts";
import { planWork } from "./work.ts";

/** A checkpoint's reports of all parts. */
function reportsOf(parts: NamedPart[], id: string) {
  return parts.flatMap(({ file, record }) =>
    record.checkpoints
      .filter(({ checkpoint }) => checkpoint === id)
      .map((r) => ({ file, report: r })),
  );
}

type Read = Awaited<ReturnType<typeof readDeciding>>;

type PartReports = ReturnType<typeof reportsOf>;

/** Of a checkpoint that a part could not compare, the worst of what any part found. */
function uncompared(reports: PartReports): Uncompared | undefined {
  const bad = reports.flatMap(({ report }) => (isUncompared(report) ? [report] : []));
  const [first] = bad;
  if (!first) return undefined;
  const worse = bad.find(({ result }) => result === "mismatch");
  if (worse) return worse;
  const shards = reports.flatMap(({ report }) =>
    isUncompared(report) ? [] : [...report.splits.train, ...report.splits.test],
  );
  const shard = shards.find(({ result }) => result === "mismatch");
  if (!shard) return first;
  return { ...first, result: "mismatch", reason: `${shard.reason}; another part: ${first.reason}` };
}

/** One checkpoint out of its parts; one that is bad in any is bad. */
function added(reports: PartReports, deciding: Read): CheckpointReport | Uncompared {
  const bad = uncompared(reports);
  if (bad) return bad;
  const own = reports as { file: string; report: CheckpointReport }[];
  const splits = (split: "train" | "test") =>
    own.flatMap(({ report }) => report.splits[split]).sort((a, b) => a.start - b.start);
  const [train, test] = [splits("train"), splits("test")];
  const result = worst([...train, ...test].map((shard) => shard.result));
  const { id } = deciding.checkpoint;
  const runtime = own[0]?.report.runtime ?? "";
  const whole = checkpointReport(deciding, {
    checkpoint: id,
    runtime,
    result,
    splits: { train, test },
  });
  for (const { file, report } of own) {
    for (const name of ["model", "history", "fixture"] as const)
      if (report.sha256[name] !== whole.sha256[name])
        throw new InputError(`${file} is of another ${name} of ${id} than is published here`);
  }
  return whole;
}

/**
 * The whole run, as if it had been one: the same counts, verdicts and digests.
 * @param all every claim that there is
 * @throws InputError where parts overlap, leave a gap, or are of other seeds, models or versions
 */
export async function merge(
  project: Storage,
  all: readonly Claim[],
  records: NamedRecord[],
): Promise<{ report: TolerantReport; claims: Claim[]; asked: PartRecord["asked"] }> {
  const [first, ...rest] = records.map(asPart);
  if (!first) throw new InputError("there is no part to merge");
  const parts: [NamedPart, ...NamedPart[]] = [first, ...rest];
  assertCommon(parts);
  assertEachOnce(parts);
  const { sampling, server, asked, claims: ids } = first.record;
  const { runtime } = (parts.find(ranSomething) ?? first).record;
  const unknown = ids.find(({ id }) => !all.some((claim) => claim.id === id));
  if (unknown) throw new InputError(`the parts decide ${unknown.id}, which is no claim here`);
  const claims = all.filter((claim) => ids.some(({ id }) => id === claim.id));
  const bad = parts.flatMap(({ record }) => record.checkpoints.filter(isUncompared));
  const exempt = new Set(bad.map(({ checkpoint }) => checkpoint));
  const work = await planWork(project, asked.checkpoints, sampling, runtime.name);
  assertWorkDone(parts, work, exempt);
  const found: Found = { checkpoints: [], evidence: new Map() };
  for (const id of asked.checkpoints) {
    const reports = reportsOf(parts, id);
    const deciding = await readDeciding(project, id).catch((error: unknown) => {
      if (error instanceof MismatchError && exempt.has(id)) return undefined;
      throw error;
    });
    const report = deciding ? added(reports, deciding) : uncompared(reports);
    if (!report) continue;
    found.checkpoints.push(report);
    const evidence =
      deciding && !isUncompared(report)
        ? evidenceOf(deciding, report.result)
        : noEvidence(report.result === "mismatch" ? "mismatch" : "not-certified");
    found.evidence.set(id, evidence);
  }
  const busy = parts.filter(({ record }) => record.checkpoints.length > 0);
  const counted = busy.length > 0 && busy.every(({ record }) => record.counted);
  const report: TolerantReport = {
    runtime,
    ...(server !== undefined && { server }),
    sampling,
    counted,
    ...conclude({ claims, published: asked.published, part: false }, found),
  };
  return { report, claims, asked };
}
