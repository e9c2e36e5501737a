/** Runs the steps of a composite action as GitHub's runner does, with its environment files. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

interface Step {
  id?: string;
  name?: string;
  uses?: string;
  if?: string;
  run?: string;
  shell?: string;
  env?: Record<string, string>;
  "working-directory"?: string;
}

interface Action {
  inputs: Record<string, { default: string }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}

export interface ActionRun {
  outputs: Record<string, string>;
  /** What the job's summary shows. */
  summary: string;
  /** Standard output, in which workflow commands are. */
  log: string;
  /** The exit status of the step that failed; 0 where none did. */
  status: number | null;
  /** Names of the steps that ran. */
  ran: string[];
}

/** NAME=value and NAME<<DELIMITER, as in GITHUB_OUTPUT and GITHUB_ENV. */
function readEnvironmentFile(path: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = readFileSync(path, "utf8").split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/.exec(lines[at] as string) ?? [];
    if (name && delimiter) {
      const end = lines.indexOf(delimiter, at);
      values[name] = lines.slice(at + 1, end).join("\n");
      at = end;
    } else {
      const [, key, value = ""] = /^([^=]+)=(.*)$/.exec(lines[at] as string) ?? [];
      if (key) values[key] = value;
    }
  }
  return values;
}

/** @throws Error on an expression that this runner does not know */
function evaluated(text: string, context: Record<string, string>): string {
  return text.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => {
    const value = context[name];
    if (value === undefined) throw new Error(`no ${name} is known`);
    return value;
  });
}

/**
 * @param folder of action.yml
 * @param skip names of steps that are not run, beside those of other actions
 */
export function runAction(
  folder: string,
  inputs: Record<string, string>,
  workspace: string,
  environment: Record<string, string> = {},
  skip: string[] = [],
): ActionRun {
  const action = parse(readFileSync(join(folder, "action.yml"), "utf8")) as Action;
  const temp = mkdtempSync(join(tmpdir(), "rethink-runner-"));
  const context: Record<string, string> = { "github.action_path": folder, "runner.temp": temp };
  for (const [name, { default: value }] of Object.entries(action.inputs))
    context[`inputs.${name}`] = inputs[name] ?? value;
  const summary = join(temp, "summary");
  writeFileSync(summary, "");
  const files = { GITHUB_ENV: join(temp, "env"), GITHUB_STEP_SUMMARY: summary };
  writeFileSync(files.GITHUB_ENV, "");
  const ran: string[] = [];
  let log = "";
  let status: number | null = 0;
  for (const [k, step] of action.runs.steps.entries()) {
    if (step.run === undefined || skip.includes(step.name ?? "")) continue;
    const script = join(temp, `${k}.sh`);
    const output = join(temp, `${k}.output`);
    writeFileSync(script, evaluated(step.run, context));
    writeFileSync(output, "");
    const env = Object.entries(step.env ?? {}).map(([name, text]) => [
      name,
      evaluated(text, context),
    ]);
    const done = spawnSync("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", script], {
      cwd: evaluated(step["working-directory"] ?? workspace, context),
      encoding: "utf8",
      env: {
        ...process.env,
        ...environment,
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_WORKSPACE: workspace,
        GITHUB_OUTPUT: output,
        RUNNER_TEMP: temp,
        ...files,
        ...readEnvironmentFile(files.GITHUB_ENV),
        ...Object.fromEntries(env),
      },
    });
    ran.push(step.name ?? `${k}`);
    log += done.stdout + done.stderr;
    for (const [name, value] of Object.entries(readEnvironmentFile(output)))
      context[`steps.${step.id}.outputs.${name}`] = value;
    status = done.status;
    if (status !== 0) break;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [
    name,
    value.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_, key: string) => context[key] ?? ""),
  ]);
  return {
    outputs: Object.fromEntries(outputs),
    summary: readFileSync(summary, "utf8"),
    log,
    status,
    ran,
  };
}
