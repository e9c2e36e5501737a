/** The exit code of a run, from what it found: the worst of all counts, so that nothing hides another. */
import { isUncompared, type TolerantReport } from "./report.ts";

export type ExitCode = 0 | 1 | 2 | 3;

/**
 * 1 if something differs from what is published, else 2 if something could not be used here, else 3
 * if nothing was evaluated, or too little to decide a claim that must be reproduced.
 * @param guarded whether every claim of the report must be reproduced
 */
export function exitCodeOf(
  { checkpoints, verdicts }: Pick<TolerantReport, "checkpoints" | "verdicts">,
  guarded: boolean,
): ExitCode {
  const statuses = guarded ? verdicts.map(({ status }) => status) : [];
  const unusable = checkpoints.filter((c) => isUncompared(c) && c.result === "not-certified");
  const differs = checkpoints.some((c) => c.result !== "match" && !unusable.includes(c));
  if (differs || statuses.includes("not-reproduced")) return 1;
  if (unusable.length > 0) return 2;
  return checkpoints.length === 0 || statuses.includes("not-evaluated") ? 3 : 0;
}
