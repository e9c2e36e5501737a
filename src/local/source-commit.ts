/** Which of the project's commits runs, for files that say what made them. */
import { execFileSync } from "node:child_process";
import { PROJECT } from "./dataset.ts";

/**
 * The commit's hash, with "-dirty" where src/ differs from it; "unknown" where there is no git, or only
 * that of a project around this one.
 */
export function sourceCommit(folder = PROJECT): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    if (git("rev-parse", "--show-prefix") !== "") return "unknown";
    return git("rev-parse", "HEAD") + (git("status", "--porcelain", "src") ? "-dirty" : "");
  } catch {
    return "unknown";
  }
}
