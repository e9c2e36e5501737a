/** A part of the work, for one job of several that share nothing. */
import type { WorkItem } from "./work.ts";

export interface Part {
  /** From 1 to `of`. */
  part: number;
  of: number;
}

/** The list cut into runs of neighbours that cost at most `most` each. */
function filled(work: WorkItem[], most: number): WorkItem[][] {
  const parts: WorkItem[][] = [];
  let room = 0;
  for (const item of work) {
    if (parts.length === 0 || item.cost > room) {
      parts.push([]);
      room = most;
    }
    parts.at(-1)?.push(item);
    room -= item.cost;
  }
  return parts;
}

/**
 * All parts of the work. Each is a run of neighbours in the list, so that it needs few models; among
 * such cuts this is one whose costliest part costs the least. There may be less work than parts.
 */
export function cut(work: WorkItem[], of: number): WorkItem[][] {
  const total = work.reduce((sum, { cost }) => sum + cost, 0);
  let [low, high] = [work.reduce((most, { cost }) => Math.max(most, cost), 0), total];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (filled(work, middle).length <= of) high = middle;
    else low = middle + 1;
  }
  const parts = filled(work, low);
  return Array.from({ length: of }, (_, k) => parts[k] ?? []);
}

/** A part of the work, and what its record says of it. */
export function partOf(whole: WorkItem[], { part, of }: Part) {
  const work = cut(whole, of)[part - 1] ?? [];
  const counts = work.filter(({ kind }) => kind === "counts").map(({ checkpoint }) => checkpoint);
  return { work, part: { part, of, counts } };
}
