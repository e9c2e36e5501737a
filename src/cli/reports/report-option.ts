/** `--report`: what a run is written as, and where. */
import { InvalidArgumentError } from "commander";

export const KINDS = ["json", "junit", "markdown"] as const;

export type ReportOption = { kind: (typeof KINDS)[number]; file: string } | { kind: "github" };

/** @throws InvalidArgumentError unless it is `github` or `<kind>=<file>` */
export function reportOption(text: string, before: ReportOption[] = []): ReportOption[] {
  if (text === "github") return [...before, { kind: "github" }];
  const at = text.indexOf("=");
  const kind = KINDS.find((name) => name === text.slice(0, at));
  const file = text.slice(at + 1);
  if (at < 0 || !kind || file === "")
    throw new InvalidArgumentError(
      `it must be github, or ${KINDS.map((name) => `${name}=FILE`).join(", ")}.`,
    );
  return [...before, { kind, file }];
}

/** The files that the options name. */
export function filesOf(reports: ReportOption[]): string[] {
  return reports.flatMap((report) => ("file" in report ? [report.file] : []));
}
