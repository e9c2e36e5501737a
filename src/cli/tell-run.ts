/** What `verify` prints: tables for a person, or the record as JSON with a line for each problem beside. */
import type { Claim } from "../claims/claim.ts";
import type { RunRecord } from "../verification/record.ts";
import { remarksOn } from "./counts-table.ts";
import { textReport } from "./text-report.ts";

export function tellRun(record: RunRecord, claims: Claim[], { json }: { json?: boolean }): void {
  if (json) {
    for (const remark of record.checkpoints.flatMap(remarksOn)) console.error(`rethink: ${remark}`);
    console.log(JSON.stringify(record, null, 1));
  } else if (record.checkpoints.length > 0) console.log(textReport(record, claims));
}
