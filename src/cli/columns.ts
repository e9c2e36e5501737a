/** Tables without lines between the rows, narrow enough for a terminal of 120 columns. */
import Table from "cli-table3";

export const WIDTH = 120;

const LINES = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
  "left",
  "left-mid",
  "mid",
  "mid-mid",
  "right",
  "right-mid",
] as const;

/** Rows as aligned columns, two spaces apart. */
export function columns(rows: string[][], widths: number[] = []): string {
  const table = new Table({
    chars: { ...Object.fromEntries(LINES.map((line) => [line, ""])), middle: "  " },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colWidths: widths,
  });
  table.push(...rows);
  return table.toString().replace(/ +$/gm, "");
}

/** Text broken between words so that no line is longer than WIDTH; lines after the first are indented. */
export function wrapped(text: string, indent = "  "): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : indent + word);
  }
  return lines.join("\n");
}
