/** What `verify` prints: tables for a person, or the record as JSON with a line for each problem beside. */
import type { Claim } from "../claims/claim.ts";
import type { RunRecord } from "../verification/record.ts";
import { remarksOn } from "./counts-table.ts";
import { summaryText, textReport } from "./text-report.ts";
import { print, printError } from "../print.ts";

export function tellRun(
  record: RunRecord,
  claims: Claim[],
  { json, quiet }: { json?: boolean; quiet?: boolean },
): void {
  const { checkpoints, part, expected } = record;
  if (json || quiet) {
    for (const remark of checkpoints.flatMap(remarksOn)) printError(`rethink: ${remark}`);
  }
  for (const difference of expected?.differences ?? [])
    printError(`rethink: not as expected: ${difference}`);
  if (json) print(JSON.stringify(record, null, 1));
  else if (checkpoints.length > 0) print(quiet ? summaryText(record) : textReport(record, claims));
  else if (part && record.error === undefined)
    print(`part ${part.part} of ${part.of}: no work is left for it`);
}
