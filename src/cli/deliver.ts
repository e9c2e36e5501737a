/** Gives what a run came to to whoever asked for it: a person, a pipe, files, GitHub. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Claim } from "../claims/claim.ts";
import { InputError } from "../datasets/storage.ts";
import { checkWritable, isStream, writeWhole } from "../local/folder.ts";
import { sortedJson } from "../sorted-json.ts";
import { type Expectation, expectationOf, parseExpectation } from "../verification/expectation.ts";
import type { RunRecord } from "../verification/record.ts";
import { tellFailure } from "./failure.ts";
import { neverBegan, recordOf } from "./ran.ts";
import { filesOf, type ReportOption } from "./reports/report-option.ts";
import { writeReports } from "./reports/write-reports.ts";
import { tellRun } from "./tell-run.ts";
import { print, printError } from "../print.ts";

export interface DeliveryOptions {
  json?: boolean;
  quiet?: boolean;
  report?: ReportOption[];
  expect?: string;
  writeExpect?: string;
}

/**
 * What is expected, if anything is.
 * @throws InputError where that cannot be read, or a file that is to be written could not be
 */
export async function prepareDelivery(options: DeliveryOptions): Promise<Expectation | undefined> {
  const { report = [], expect, writeExpect } = options;
  for (const file of filesOf(report)) await checkWritable(file);
  if (writeExpect !== undefined) {
    await checkWritable(writeExpect);
    if (filesOf(report).some((file) => resolve(file) === resolve(writeExpect)))
      throw new InputError(`${writeExpect} is to hold a report and what is expected; name another`);
  }
  if (expect === undefined) return undefined;
  const text = await readFile(expect, "utf8").catch(({ code }) => {
    throw new InputError(`cannot read ${expect} (${code}); --write-expect makes it`);
  });
  return parseExpectation(text, expect);
}

/**
 * Puts reports in place of those of a run before: a run that is killed leaves word of that, not
 * what another found.
 * @throws InputError where one cannot be written
 */
export async function beginReports(reports: ReportOption[] = []): Promise<void> {
  const killed = new InputError("the run was ended before its time");
  const record = recordOf(neverBegan(killed), new Date());
  for (const report of reports) {
    if (report.kind === "github" || (await isStream(report.file))) continue;
    const [failure] = await writeReports(record, [report], () => {});
    if (failure !== undefined) throw failure;
  }
}

async function writeExpectation(file: string, record: RunRecord): Promise<void> {
  const expectation = record.error === undefined ? expectationOf(record) : undefined;
  if (expectation && !record.part) await writeWhole(file, sortedJson(expectation));
  else printError(`rethink: ${file} is not written: only a whole run that matched can be expected`);
}

/**
 * Prints and writes; the exit code, which is the run's unless something could not be written.
 * @param unwritten why something could not be before, if so
 */
export async function deliver(
  record: RunRecord,
  claims: Claim[],
  options: DeliveryOptions,
  unwritten?: unknown,
): Promise<number> {
  tellRun(record, claims, options);
  const say = options.json ? printError : print;
  const failures = await writeReports(record, options.report ?? [], say);
  if (unwritten !== undefined) failures.push(unwritten);
  if (options.writeExpect !== undefined) {
    await writeExpectation(options.writeExpect, record).catch((error) => failures.push(error));
  }
  for (const failure of failures) tellFailure(failure);
  return record.exitCode === 0 && failures.length > 0 ? 2 : record.exitCode;
}
