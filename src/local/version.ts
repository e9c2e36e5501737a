/** The version of Rethink, from package.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./dataset.ts";

export function version(): string {
  const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
  return String(version);
}
