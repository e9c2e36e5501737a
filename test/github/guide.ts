/** A page's code blocks, applied to a copy of what they speak of. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Block {
  kind: "ts" | "diff";
  path: string;
  lines: string[];
}

/** The blocks whose fence names a file. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(ts|diff) (\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, kind, path = "", text = ""]) => ({
      kind: kind as Block["kind"],
      path,
      lines: text.trimEnd().split("\n"),
    }),
  );
}

/** @throws Error if the lines that a change stands between are not there, once */
function change(text: string, hunk: string[], path: string): string {
  const textOf = (lines: string[]) => lines.map((line) => `${line.slice(1)}\n`).join("");
  const before = textOf(hunk.filter((line) => !line.startsWith("+")));
  const after = textOf(hunk);
  const parts = text.split(before);
  if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times:\n${before}`);
  return parts.join(after);
}

export function applyBlock({ kind, path, lines }: Block, root: string): void {
  const file = join(root, path);
  if (kind === "ts") {
    writeFileSync(file, `${lines.join("\n")}\n`, { flag: "wx" });
    return;
  }
  const hunks = lines.join("\n").split("\n...\n");
  const changed = hunks.reduce(
    (text, hunk) => change(text, hunk.split("\n"), path),
    readFileSync(file, "utf8"),
  );
  writeFileSync(file, changed);
}
