/** A line for each recomputed shard, the last one first. */
import type { FromAuditor } from "../audit/messages.ts";
import { find } from "./dom.ts";

type Shard = Extract<FromAuditor, { kind: "shard" }>;

const short = (digest: string) => `${digest.slice(0, 12)}…`;

function told(pair: { published: string; recomputed: string } | undefined): string {
  if (!pair) return "not published";
  const { published, recomputed } = pair;
  return published === recomputed
    ? `${short(recomputed)} as published`
    : `${short(recomputed)}, not ${short(published)}`;
}

export function showShard({ checkpoint, split, comparison, digests }: Shard): void {
  const { start, end, recomputed, published, result, reason } = comparison;
  const row = document.createElement("tr");
  const cells: [string, string][] = [
    [checkpoint, ""],
    [`${split} ${start} to ${end}`, ""],
    [`${recomputed}`, "number"],
    [`${published}`, "number"],
    [told(digests.predictions), "number"],
    [told(digests.logits), "number"],
    [reason || result, result],
  ];
  for (const [text, kind] of cells) {
    const cell = row.insertCell();
    cell.textContent = text;
    cell.className = kind;
  }
  find("#shards tbody").prepend(row);
}
