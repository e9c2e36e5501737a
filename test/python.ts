/** A Python for tests that ask an outsider, or the reason why they are skipped. */
import { spawnSync } from "node:child_process";

/** The interpreter named by RETHINK_PYTHON, or python3, if it has the packages. */
export function pythonOrSkip(what: string, packages: string[]): string | undefined {
  const python = process.env.RETHINK_PYTHON ?? "python3";
  const asked = spawnSync(python, ["-c", `import ${packages.join(", ")}`], { encoding: "utf8" });
  if (asked.status === 0) return python;
  const reason = asked.error?.message ?? asked.stderr.trim().split("\n").at(-1);
  console.log(`skipped: ${what}: ${python}: ${reason}; RETHINK_PYTHON may name another`);
  return undefined;
}
