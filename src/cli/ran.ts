/** What a run of `verify` came to, and its record. */
import type { Claim } from "../claims/claim.ts";
import { version } from "../local/version.ts";
import { exitCodeOf as codeOfReport } from "../verification/exit-code.ts";
import { RECORD_VERSION, type RunRecord } from "../verification/record.ts";
import type { TolerantReport } from "../verification/report.ts";
import { exitCodeOf, messageOf } from "./failure.ts";

type Nothing = Partial<Pick<TolerantReport, "runtime" | "sampling">>;

export interface Ran {
  /** Without runtime and sampling where nothing was to be run. */
  report: Omit<TolerantReport, "runtime" | "sampling"> & Nothing;
  /** What the verdicts are of. */
  claims: Claim[];
  /** Whether every claim must be reproduced. */
  guarded: boolean;
  /** What kept it from starting, or ended it sooner. */
  error?: unknown;
  /** Why there was nothing to do. */
  nothing?: Error;
}

export function recordOf(
  { report, claims, guarded, error, nothing }: Ran,
  started: Date,
): RunRecord {
  const found = codeOfReport(report, guarded);
  const ended = error !== undefined;
  return {
    version: RECORD_VERSION,
    rethink: version(),
    exitCode: ended && found !== 1 ? exitCodeOf(error) : found,
    ...(ended && { error: messageOf(error) }),
    ...(nothing && { error: nothing.message }),
    started: started.toISOString(),
    seconds: (Date.now() - started.getTime()) / 1000,
    ...report,
    ...(ended && { passed: false }),
    claims: claims.map(({ id, group, statement }) => ({ id, group, statement })),
  };
}
