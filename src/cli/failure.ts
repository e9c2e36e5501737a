/** How a failure is said and which code the process exits with. */
import { InputError, MismatchError } from "../datasets/storage.ts";
import { oneLine, printError } from "../print.ts";

/** In one line, with the reason beneath where that is one of the platform's. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${error.cause}`;
}

/** A line for what was foreseen; a fault of ours with its stack. */
export function tellFailure(error: unknown): void {
  const foreseen = error instanceof MismatchError || error instanceof InputError;
  if (foreseen) printError(`rethink: ${oneLine(messageOf(error), 2000)}`);
  else printError(error instanceof Error ? (error.stack ?? `${error}`) : String(error));
}

/** 1 says that something differs from what is published; all else is 2, a fault of ours as well. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof MismatchError ? 1 : 2;
}
