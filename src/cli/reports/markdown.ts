/** Markdown, for job summaries and comments: the outcome, what failed, then everything by group. */
import type { RunRecord } from "../../verification/record.ts";
import { statusText } from "../claims-table.ts";
import { summaryText } from "../text-report.ts";
import { type Case, casesOf, type Outcome } from "./cases.ts";

const WORDS: Record<Outcome, string> = {
  passed: "passed",
  failed: "**failed**",
  error: "**error**",
  skipped: "skipped",
};

/** Text that means nothing in a cell of a table. */
function cell(text: string): string {
  return text
    .replace(/[\\`*_<>[\]|]/g, "\\$&")
    .replace(/\s+/g, " ")
    .trim();
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function suiteText(name: string, cases: Case[]): string {
  const rows = cases.map((one) => [cell(one.name), WORDS[one.outcome], cell(one.reason)]);
  return `### ${cell(name)}\n\n${table(["", "", ""], rows)}`;
}

function verdictCounts({ verdicts }: RunRecord): string {
  const of = (status: "reproduced" | "not-reproduced" | "not-evaluated") =>
    `${verdicts.filter((verdict) => verdict.status === status).length} ${statusText(status)}`;
  return [of("reproduced"), of("not-reproduced"), of("not-evaluated")].join(", ");
}

export function markdown(record: RunRecord): string {
  const cases = casesOf(record);
  const bad = cases.filter(({ outcome }) => outcome === "failed" || outcome === "error");
  const outcome = bad.length === 0 ? "all as it should be" : `${bad.length} not as they should be`;
  const part = record.part ? `, part ${record.part.part} of ${record.part.of}` : "";
  const suites = [...new Set(cases.map(({ suite }) => suite))].map((name) =>
    suiteText(
      name,
      cases.filter(({ suite }) => suite === name),
    ),
  );
  return [
    `## rethink verify${part}: ${outcome}`,
    cell(summaryText(record).split("\n")[0] ?? ""),
    ...(part ? [] : [`Claims: ${verdictCounts(record)}.`]),
    ...bad.map(({ name, reason }) => `- ${cell(name)}: ${cell(reason)}`),
    ...suites,
    "",
  ]
    .filter((text, k) => text !== "" || k > 4)
    .join("\n\n");
}
