/** Gives what a run came to to whoever asked for it: a person, a pipe, files, GitHub. */
import { readFile } from "node:fs/promises";
import type { Claim } from "../claims/claim.ts";
import { InputError } from "../datasets/storage.ts";
import { isStream, writeWhole } from "../local/folder.ts";
import { sortedJson } from "../sorted-json.ts";
import { type Expectation, expectationOf, parseExpectation } from "../verification/expectation.ts";
import type { RunRecord } from "../verification/record.ts";
import { tellFailure } from "./failure.ts";
import { neverBegan, recordOf } from "./ran.ts";
import { checkOutputs, overwritten } from "./outputs.ts";
import type { ReportOption } from "./reports/report-option.ts";
import { writeReports } from "./reports/write-reports.ts";
import { type RunFiles, readBy, writtenBy } from "./run-files.ts";
import { tellRun } from "./tell-run.ts";
import { print, printError } from "../print.ts";

export interface DeliveryOptions extends RunFiles {
  json?: boolean;
  quiet?: boolean;
}

/**
 * What is expected, if anything is.
 * @throws InputError where that cannot be read, or a file that is to be written could not be, or
 *   not without loss
 */
export async function prepareDelivery(options: DeliveryOptions): Promise<Expectation | undefined> {
  await checkOutputs(writtenBy(options), readBy(options));
  const { expect } = options;
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
  if (record.error !== undefined) return;
  const expectation = expectationOf(record);
  if (expectation) await writeWhole(file, sortedJson(expectation));
  else printError(`rethink: ${file} is not written: only a run that matched can be expected`);
}

/**
 * The reports in the order in which they are written: a record says what the command ends with, so
 * that JSON comes last, and a stream before a file, for whether it can be written was not tried. None
 * is written over what is read, or what else was to be written.
 */
async function inOrder(options: DeliveryOptions): Promise<ReportOption[]> {
  const others = writtenBy({ ...options, report: [] }).map((path) => ({ path }));
  const kept = [...readBy(options), ...others];
  const ranked: { report: ReportOption; rank: number }[] = [];
  for (const report of options.report ?? []) {
    const file = "file" in report ? report.file : undefined;
    if (file !== undefined && (await overwritten(file, kept))) continue;
    const stream = file !== undefined && (await isStream(file));
    ranked.push({ report, rank: (report.kind === "json" ? 2 : 0) + (stream ? 0 : 1) });
  }
  return ranked.sort((a, b) => a.rank - b.rank).map(({ report }) => report);
}

/**
 * Prints and writes; the exit code, which is the run's unless something could not be written.
 * Standard output comes last.
 * @param unwritten why something could not be before, if so
 */
export async function deliver(
  record: RunRecord,
  claims: Claim[],
  options: DeliveryOptions,
  unwritten?: unknown,
): Promise<number> {
  const say = options.json ? printError : print;
  const failures: unknown[] = unwritten === undefined ? [] : [unwritten];
  /** The record with the exit code that is known by now. */
  const told = (): RunRecord =>
    record.exitCode === 0 && failures.length > 0 ? { ...record, exitCode: 2 } : record;
  if (options.writeExpect !== undefined) {
    await writeExpectation(options.writeExpect, record).catch((error) => failures.push(error));
  }
  for (const report of await inOrder(options))
    failures.push(...(await writeReports(told(), [report], say)));
  tellRun(told(), claims, options);
  for (const failure of failures) tellFailure(failure);
  return told().exitCode;
}
