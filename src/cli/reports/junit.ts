/** JUnit XML, as CI servers read it: a suite a group, a case a claim. */
import type { RunRecord } from "../../verification/record.ts";
import { type Case, casesOf, type Outcome } from "./cases.ts";

/** XML 1.0 has no other control characters, escaped neither. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

function escaped(text: string): string {
  return text
    .replace(FORBIDDEN, "\u{FFFD}")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/\n/g, "&#10;");
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join("");
}

function caseXml({ suite, name, outcome, reason, details }: Case): string {
  const body = details.map((line) => `${escaped(line)}\n`).join("");
  const open = `    <testcase${attributes({ classname: suite, name })}>`;
  const element: Record<Outcome, string> = {
    passed: [reason, ...details].some(Boolean)
      ? `<system-out>${escaped(reason)}\n${body}</system-out>`
      : "",
    failed: `<failure${attributes({ message: reason })}>${body}</failure>`,
    error: `<error${attributes({ message: reason })}>${body}</error>`,
    skipped: `<skipped${attributes({ message: reason })}/>`,
  };
  return `${open}${element[outcome]}</testcase>`;
}

function counts(cases: Case[]): Record<string, number> {
  const of = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  const [failures, errors, skipped] = [of("failed"), of("error"), of("skipped")];
  return { tests: cases.length, failures, errors, skipped };
}

export function junit(record: RunRecord): string {
  const cases = casesOf(record);
  const suites = [...new Set(cases.map(({ suite }) => suite))].map((name) => {
    const own = cases.filter(({ suite }) => suite === name);
    const head = attributes({ name, ...counts(own), timestamp: record.started });
    return `  <testsuite${head}>\n${own.map(caseXml).join("\n")}\n  </testsuite>`;
  });
  const head = attributes({ name: "rethink verify", ...counts(cases), time: record.seconds });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites.join("\n")}\n</testsuites>\n`;
}
