/** Pieces of Markdown. */

/** A table whose source is aligned, too; the columns named in `right` are aligned to the right. */
export function markdownTable(head: string[], rows: string[][], right: string[] = []): string {
  const widths = head.map((name, k) =>
    Math.max(3, name.length, ...rows.map((row) => (row[k] ?? "").length)),
  );
  const toRight = head.map((name) => right.includes(name));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, k) => (toRight[k] ? cell.padStart(widths[k] ?? 0) : cell.padEnd(widths[k] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, k) =>
    toRight[k] ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
