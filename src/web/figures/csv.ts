/** Rows as CSV (RFC 4180). */
import type { Row } from "./figure.ts";

function cell(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? "" : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** With a line of names first, in the order in which rows first have them. */
export function csv(rows: Row[]): string {
  const names = [...new Set(rows.flatMap(Object.keys))];
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((line) => `${line.map(cell).join(",")}\r\n`)
    .join("");
}
