/** `verify` or `merge` whose options could not be read: told to whomever a run would have told it. */
import { deliver, type DeliveryOptions } from "./deliver.ts";
import { neverBegan, recordOf } from "./ran.ts";
import { type ReportOption, reportOption } from "./reports/report-option.ts";

/** The values of an option in arguments that may be wrong otherwise. */
function valuesOf(args: string[], name: string): string[] {
  return args.flatMap((arg, k) => {
    if (arg === name) return args[k + 1] ?? [];
    return arg.startsWith(`${name}=`) ? arg.slice(name.length + 1) : [];
  });
}

function readable(text: string): ReportOption[] {
  try {
    return reportOption(text);
  } catch {
    return []; // it may be what is wrong
  }
}

/** What can be read of the options of `verify` and `merge`; undefined of another command. */
export function readableOptions(args: string[]): DeliveryOptions | undefined {
  const [command = "", ...rest] = args.slice(args.findIndex((arg) => !arg.startsWith("-")));
  if (!["verify", "merge"].includes(command)) return undefined;
  const last = (name: string) => valuesOf(rest, name).at(-1);
  return {
    json: rest.includes("--json"),
    quiet: rest.includes("--quiet"),
    report: valuesOf(rest, "--report").flatMap(readable),
    writeExpect: last("--write-expect"),
    receipt: last("--receipt"),
    expect: last("--expect"),
    pack: last("--pack"),
    from: last("--from"),
    // Whichever of them is the one of parts.
    folders: command === "merge" ? rest.filter((arg) => !arg.startsWith("-")) : [],
  };
}

/** The record of a run that never began, in the place of what a run before left there. */
export async function tellUnread(args: string[], error: unknown): Promise<void> {
  const options = readableOptions(args);
  if (options) await deliver(recordOf(neverBegan(error), new Date()), [], options);
}
