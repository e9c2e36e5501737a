/** What is wrong with data that others sent or wrote, in words that repeat nothing of it. */
import * as v from "valibot";
import { oneLine } from "./print.ts";

/** What valibot says where a schema has no message of its own; it ends with what was received. */
const DEFAULT = /^(Invalid [^:]*): .*$/s;

function reasonOf({ expected, received, message }: v.BaseIssue<unknown>): string {
  if (received === "undefined") return "it is missing";
  if (expected === "never") return "there is no such field";
  const [, invalid] = DEFAULT.exec(message) ?? [];
  if (invalid === undefined) return message; // the schema's own
  return expected === null ? invalid.toLowerCase() : `it must be ${expected.slice(0, 200)}`;
}

/** The field and what it must be, in one line. */
export function faultOf(issue: v.BaseIssue<unknown>, whole = "it"): string {
  return `${oneLine(v.getDotPath(issue) ?? whole, 100)}: ${reasonOf(issue)}`;
}
