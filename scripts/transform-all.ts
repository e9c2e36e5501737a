/**
 * Has tsx transform every source file in one process, which keeps them for all others: else each
 * that is the first to meet a file starts a compiler of its own, three seconds of a core.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Of what cannot be transformed nothing is said here: it fails again where it is used. */
export async function transformAll(): Promise<void> {
  const files = ["src", "scripts", "test"].flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `import ${JSON.stringify(`./${folder}/${name}`)};`),
  );
  // A graph of modules is loaded as a whole before any of it runs; the first of it throws.
  const graph = ['import "data:text/javascript,throw 0";', ...files].join("\n");
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-"], {
    cwd: root,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.stdin.end(graph);
  await once(child, "close");
}
