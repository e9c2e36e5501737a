/** Which of the project's commits runs, for files that say what made them. */
import { execFileSync } from "node:child_process";
import { PROJECT } from "./dataset.ts";

/** The commit's hash, with "-dirty" where src/ differs from it; "unknown" where there is no git. */
export function sourceCommit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, {
        cwd: PROJECT,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    return git("rev-parse", "HEAD") + (git("status", "--porcelain", "src") ? "-dirty" : "");
  } catch {
    return "unknown";
  }
}
