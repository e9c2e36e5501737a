/** JSON as the project's files hold it: keys sorted, a space an indent, so that equal data are equal bytes. */

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

export function sortedJson(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 1)}\n`;
}
