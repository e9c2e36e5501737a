/** What a run of `verify` came to, and its record. */
import type { Claim } from "../claims/claim.ts";
import { VERSION } from "../local/version.ts";
import { exitCodeOf as codeOfReport } from "../verification/exit-code.ts";
import { differencesFrom, type Expectation } from "../verification/expectation.ts";
import { RECORD_VERSION, type RunRecord } from "../verification/record.ts";
import type { TolerantReport } from "../verification/report.ts";
import { exitCodeOf, messageOf } from "./failure.ts";

type Nothing = Partial<Pick<TolerantReport, "runtime" | "sampling">>;

export interface Ran {
  /** Without runtime and sampling where nothing was to be run. */
  report: Omit<TolerantReport, "runtime" | "sampling"> & Nothing;
  /** What the verdicts are of, or will be once all parts are there. */
  claims: Claim[];
  asked?: NonNullable<RunRecord["asked"]>;
  part?: NonNullable<RunRecord["part"]>;
  expectation?: Expectation;
  /** Of a queue: who answered. */
  workers?: NonNullable<RunRecord["workers"]>;
  /** What kept it from starting, or ended it sooner. */
  error?: unknown;
  /** Why there was nothing to do. */
  nothing?: Error;
  /** Why the receipt could not be written. */
  unwritten?: unknown;
}

/** What a run that never began came to. */
export function neverBegan(error: unknown): Ran {
  const report = { counted: false, checkpoints: [], verdicts: [], matched: false, passed: false };
  return { report, claims: [], error };
}

/** Of a part, claims are expected by the whole alone; what ended sooner is held to what it found. */
function expectedOf({ report, asked, part, expectation, error }: Ran): RunRecord["expected"] {
  if (!expectation || !asked || part) return undefined;
  const ended = error !== undefined;
  const decided = report.verdicts.filter(({ status }) => status !== "not-evaluated");
  const seen = ended ? { ...report, verdicts: decided } : report;
  const whole = !ended && asked.all ? asked.published : undefined;
  const differences = differencesFrom(expectation, seen, whole);
  return { statuses: expectation.claims, differences };
}

export function recordOf(ran: Ran, started: Date): RunRecord {
  const { report, claims, asked, part, error, nothing, workers } = ran;
  const expected = expectedOf(ran);
  const found = codeOfReport(report, {
    guarded: asked?.guarded === true && !expected && !part,
    part: part !== undefined,
    differences: expected?.differences,
  });
  const ended = error !== undefined;
  return {
    version: RECORD_VERSION,
    rethink: VERSION,
    exitCode: ended && found !== 1 ? exitCodeOf(error) : found,
    ...(ended && { error: messageOf(error) }),
    ...(nothing && { error: nothing.message }),
    started: started.toISOString(),
    seconds: (Date.now() - started.getTime()) / 1000,
    ...report,
    ...(ended && { passed: false }),
    claims: claims.map(({ id, group, statement }) => ({ id, group, statement })),
    ...(workers && { workers }),
    ...(asked && { asked }),
    ...(part && { part }),
    ...(expected && { expected }),
  };
}
