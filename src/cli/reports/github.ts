/** GitHub: annotations by workflow commands, and the job's summary through GITHUB_STEP_SUMMARY. */
import { appendFile } from "node:fs/promises";
import { InputError } from "../../datasets/storage.ts";
import { visible } from "../../print.ts";
import type { RunRecord } from "../../verification/record.ts";
import { casesOf } from "./cases.ts";
import { markdown } from "./markdown.ts";
import { printError } from "../../print.ts";

/** What a workflow command's message cannot hold as it is. */
function data(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(text: string): string {
  return data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}

/** A workflow command for each case that did not pass, and one for the outcome. */
export function annotations(record: RunRecord): string[] {
  const bad = casesOf(record).filter(({ outcome }) => outcome === "failed" || outcome === "error");
  const lines = bad.map(
    ({ name, reason }) => `::error title=${property(`rethink: ${name}`)}::${data(reason)}`,
  );
  const count = record.checkpoints.filter(({ result }) => result === "match").length;
  const outcome = `${count} of ${record.checkpoints.length} checkpoints match, exit code ${record.exitCode}`;
  return [...lines, `::notice title=rethink verify::${data(outcome)}`];
}

/**
 * Writes both; says so where this is not GitHub.
 * @param say where the runner reads commands
 * @throws InputError if the summary cannot be written
 */
export async function reportToGitHub(
  record: RunRecord,
  say: (line: string) => void,
  { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY }: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  if (GITHUB_ACTIONS === "true") for (const line of annotations(record)) say(line);
  else printError("--report github: this is not GitHub (GITHUB_ACTIONS), so nothing is annotated");
  if (!GITHUB_STEP_SUMMARY) {
    printError("--report github: there is no job summary to write to (GITHUB_STEP_SUMMARY)");
    return;
  }
  await appendFile(GITHUB_STEP_SUMMARY, visible(markdown(record))).catch(({ code }) => {
    throw new InputError(`cannot write the job summary ${GITHUB_STEP_SUMMARY} (${code})`);
  });
}
