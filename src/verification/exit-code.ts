/** The exit code of a run, from what it found: the worst of all counts, so that nothing hides another. */
import { isUncompared, type TolerantReport } from "./report.ts";

export type ExitCode = 0 | 1 | 2 | 3;

export interface Terms {
  /** Whether every claim of the report must be reproduced, and nothing else is said of it. */
  guarded: boolean;
  /** A part that has nothing to do is done. */
  part: boolean;
  /** What is otherwise than expected; undefined where nothing is. What is expected may be not certified. */
  differences?: string[] | undefined;
}

/**
 * 1 if something differs from what is published or expected, else 2 if something could not be used
 * here, else 3 if nothing was evaluated, or too little to decide a claim that must be reproduced.
 */
export function exitCodeOf(
  { checkpoints, verdicts }: Pick<TolerantReport, "checkpoints" | "verdicts">,
  { guarded, part, differences }: Terms,
): ExitCode {
  const statuses = guarded ? verdicts.map(({ status }) => status) : [];
  const unusable = checkpoints.filter((c) => isUncompared(c) && c.result === "not-certified");
  const accepted = differences === undefined ? ["match"] : ["match", "not-certified"];
  const differs = checkpoints.some((c) => !accepted.includes(c.result) && !unusable.includes(c));
  if (differs || (differences ?? []).length > 0 || statuses.includes("not-reproduced")) return 1;
  if (unusable.length > 0) return 2;
  if (statuses.includes("not-evaluated")) return 3;
  return checkpoints.length === 0 && !part ? 3 : 0;
}
