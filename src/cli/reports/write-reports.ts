/** Gives the record of a run to every reporter that was asked for. */
import { writeWhole } from "../../local/folder.ts";
import { visible } from "../../print.ts";
import type { RunRecord } from "../../verification/record.ts";
import { reportToGitHub } from "./github.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { ReportOption } from "./report-option.ts";

const FORMATS = {
  json: (record: RunRecord) => `${JSON.stringify(record, null, 1)}\n`,
  junit,
  markdown,
};

/**
 * One that cannot be written keeps none of the others from being written.
 * @param say where GitHub's runner reads commands
 * @returns what kept a report from being written
 */
export async function writeReports(
  record: RunRecord,
  reports: ReportOption[],
  say: (line: string) => void,
): Promise<unknown[]> {
  const written = reports.map(async (report) => {
    if (report.kind === "github") await reportToGitHub(record, say);
    else await writeWhole(report.file, visible(FORMATS[report.kind](record)));
  });
  const settled = await Promise.allSettled(written);
  return settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
}
